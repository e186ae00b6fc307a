// Transport over gRPC: JinaRPC/Call, or a unary call for each request.
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <deque>

#include "base/await_callback.hpp"
#include "client/transport.hpp"
#include "wire/pb_reader.hpp"

namespace jina::client {
namespace {

/// Failures of the network and of a server that has trouble; those that Jina's client sends again.
bool worth_another_attempt(StatusCode code) {
  return code == StatusCode::kUnavailable || code == StatusCode::kDeadlineExceeded || code == StatusCode::kNotFound ||
         code == StatusCode::kInternal;
}

Reply failure(Status status) {
  const bool retry = worth_another_attempt(status.code);
  return {.status = std::move(status), .retry = retry};
}

Metadata metadata_of(const TransportOptions& options) {
  Metadata metadata = options.metadata;
  if (options.results_in_order) metadata.emplace_back("__results_in_order__", "true");
  if (options.prefetch > 0) metadata.emplace_back("__prefetch__", std::to_string(options.prefetch));
  return metadata;
}

class GrpcUnary final : public Transport, public std::enable_shared_from_this<GrpcUnary> {
 public:
  GrpcUnary(std::shared_ptr<Connections> connections, TransportOptions options)
      : connections_(std::move(connections)), options_(std::move(options)), metadata_(metadata_of(options_)) {}

  void send(const std::string&, const wire::DataRequest& request, Done done) override {
    grpc::CallOptions call{.metadata = metadata_, .deadline = options_.deadline};
    auto handle = connections_->channel().unary(
        "/jina.JinaSingleDataRequestRPC/process_single_data", request.serialize(), std::move(call),
        [connections = connections_, done = std::move(done)](grpc::UnaryReply reply) mutable {
          if (!reply.status.ok()) return done(failure(std::move(reply.status)));
          auto message = wire::DataRequest::parse(reply.message);
          if (!message)
            return done(failure({StatusCode::kInternal, "the answer is no DataRequestProto: " + message.error().message}));
          done({.message = std::move(*message)});
        });
    calls_.push_back(std::move(handle));
    constexpr std::size_t kRemembered = 20'000;  // of them most are over
    if (calls_.size() > kRemembered) calls_.pop_front();
  }
  void close() override {
    for (auto& call : calls_) call.cancel();
    calls_.clear();
  }

 private:
  std::shared_ptr<Connections> connections_;
  TransportOptions options_;
  Metadata metadata_;
  std::deque<grpc::CallHandle> calls_{};
};

class GrpcStream final : public Transport, public std::enable_shared_from_this<GrpcStream> {
 public:
  GrpcStream(std::shared_ptr<Connections> connections, TransportOptions options)
      : connections_(std::move(connections)), options_(std::move(options)), metadata_(metadata_of(options_)) {}

  void send(const std::string& id, const wire::DataRequest& request, Done done) override {
    if (!call_) {
      grpc::CallOptions call{.metadata = metadata_, .deadline = options_.deadline};
      call_ = std::make_shared<Call>(connections_->channel().open("/jina.JinaRPC/Call", std::move(call)));
      boost::asio::co_spawn(connections_->io(), read_all(shared_from_this(), call_), boost::asio::detached);
    }
    call_->asked.push_back({id, std::move(done)});
    call_->stream->write(request.serialize());  // of a call that is over already, read_all() tells
  }
  bool has_room() const override { return !call_ || call_->stream->queued_bytes() <= kMostQueuedBytes; }
  void when_room(UniqueFunction<void()> go) override {
    if (!call_) return go();
    call_->stream->when_writable(std::move(go));
  }
  void no_more() override {
    if (call_) call_->stream->writes_done();
  }
  void close() override {
    if (auto call = std::exchange(call_, nullptr)) {
      call->asked.clear();
      call->stream->cancel();
    }
  }

 private:
  struct Asked {
    std::string id;
    Done done;
  };
  struct Call {
    explicit Call(std::shared_ptr<grpc::ClientStream> to) : stream(std::move(to)) {}
    std::shared_ptr<grpc::ClientStream> stream;
    std::deque<Asked> asked{};
    std::optional<wire::DataRequest> held{};
  };

  /// Before Jina's gateway ends a stream because an Executor is gone, it answers with a request id and nothing else. That is no
  /// answer when the stream ends in failure.
  static bool says_nothing(const wire::DataRequest& answer) {
    if (answer.data || answer.parameters || !answer.routes.empty()) return false;
    const auto header = wire::parse_header(answer.header.view());
    return header && !header->has_status && !header->exec_endpoint;
  }

  static void answered(Call& call, wire::DataRequest answer) {
    if (call.asked.empty()) return;
    const auto header = wire::parse_header(answer.header.view());
    auto at = call.asked.begin();
    // A gateway of the user's may give another id, or none: then it is the answer to the oldest request.
    if (header)
      for (auto it = call.asked.begin(); it != call.asked.end(); ++it)
        if (it->id == header->request_id) {
          at = it;
          break;
        }
    auto done = std::move(at->done);
    call.asked.erase(at);
    done({.message = std::move(answer)});
  }

  static Task<void> read_all(std::shared_ptr<GrpcStream> self, std::shared_ptr<Call> call) {
    Status broken;
    while (true) {
      auto start = [stream = call->stream](UniqueFunction<void(std::optional<Buffer>)> done) { stream->read(std::move(done)); };
      std::optional<Buffer> next = co_await await_callback<std::optional<Buffer>>(start);
      if (auto held = std::exchange(call->held, std::nullopt); held && next) answered(*call, std::move(*held));
      if (!next) break;
      auto message = wire::DataRequest::parse(*next);
      if (!message) {
        broken = {StatusCode::kInternal, "the answer is no DataRequestProto: " + message.error().message};
        call->stream->cancel();
        break;
      }
      if (says_nothing(*message))
        call->held = std::move(*message);
      else
        answered(*call, std::move(*message));
    }
    if (self->call_ == call) self->call_ = nullptr;  // whatever is sent from now on goes over a new call
    Status status = broken.ok() ? call->stream->status() : broken;
    if (status.ok() && call->held) answered(*call, std::move(*call->held));
    if (call->asked.empty()) co_return;
    if (status.ok()) status = {StatusCode::kInternal, "the gateway ended the stream without an answer to every request"};
    auto& channel = self->connections_->channel();
    // The next attempt connects at once: it waited long enough.
    if (status.code == StatusCode::kUnavailable && channel.outstanding() == 0) channel.reset();
    auto asked = std::exchange(call->asked, {});
    for (auto& one : asked) one.done(failure(status));
  }

  std::shared_ptr<Connections> connections_;
  TransportOptions options_;
  Metadata metadata_;
  std::shared_ptr<Call> call_{};
};

}  // namespace

std::shared_ptr<Transport> make_grpc_transport(std::shared_ptr<Connections> connections, TransportOptions options) {
  if (!options.stream) return std::make_shared<GrpcUnary>(std::move(connections), std::move(options));
  return std::make_shared<GrpcStream>(std::move(connections), std::move(options));
}

}  // namespace jina::client
