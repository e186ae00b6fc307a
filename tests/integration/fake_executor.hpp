// FakeExecutor: an Executor over a real socket whose behaviour a test writes down: by default it returns the request.
//
// Thread: that of its io_context. Lifetime: stop() it, and run the io_context until it is stopped, before it goes.
// Cancellation: stop() cuts what runs.
#pragma once
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "protocol/grpc/health.hpp"
#include "protocol/server/server.hpp"

namespace jina::testing {

class FakeExecutor final : public protocol::RequestHandler {
 public:
  using Behaviour = std::function<void(RequestContext&, wire::DataRequest, wire::ReplyCallback)>;

  /// `only_call`: a peer that knows nothing but JinaRPC/Call.
  explicit FakeExecutor(boost::asio::io_context& io, std::string name = "a", std::uint16_t port = 0, bool only_call = false)
      : io_(io), name_(std::move(name)) {
    if (only_call) {
      table_.add_stream("/jina.JinaRPC/Call", [this](std::shared_ptr<grpc::ServerCall> stream) {
        RequestContext& context = stream->context();
        call(context, std::move(stream));
      });
    } else {
      grpc::add_jina_services(table_, *this);
      health_->set_serving(true);
      grpc::add_health_service(table_, health_);
    }
    server_ = std::make_unique<protocol::Server>(io_, protocol::ServerOptions{.host = "127.0.0.1", .port = port}, &table_, nullptr);
    port_ = server_->listen().value();
  }

  std::uint16_t port() const noexcept { return port_; }
  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

  /// Cuts all connections and gives up the port.
  void stop(UniqueFunction<void()> done = [] {}) { server_->stop(std::chrono::milliseconds(0), std::move(done)); }

  Behaviour on_request;                                          ///< empty: echo
  std::function<void(std::vector<wire::DataRequest>&)> on_list;  ///< looks at the inputs of process_data; the first is returned
  std::string endpoints{};                                       ///< an encoded EndpointsProto
  std::function<void(RequestContext&, UniqueFunction<void(Result<Buffer>)>)> on_discovery;  ///< empty: answers with `endpoints`
  std::function<void(Buffer, std::shared_ptr<protocol::RequestStream>)> on_stream_doc;
  int calls = 0;
  Metadata last_metadata;
  bool last_had_deadline = false;
  wire::DataRequest last_request;

  void process_single_data(RequestContext& context, wire::DataRequest request, wire::ReplyCallback done) override {
    ++calls;
    last_metadata = context.metadata;
    last_had_deadline = context.deadline.has_value();
    last_request = request;
    if (on_request) return on_request(context, std::move(request), std::move(done));
    std::string routes = request.routes.str();
    wire::append_route(routes, {.executor = name_});  // as Jina's Executors do
    request.routes = Bytes::take(std::move(routes));
    done({.response = std::move(request)});
  }
  void process_data(RequestContext&, std::vector<wire::DataRequest> requests, wire::ReplyCallback done) override {
    ++calls;
    if (on_list) on_list(requests);
    done({.response = std::move(requests.front())});
  }
  void call(RequestContext& context, std::shared_ptr<protocol::RequestStream> stream) override {
    protocol::RequestStream& from = *stream;
    from.read([this, &context, stream = std::move(stream)](std::optional<Buffer> message) mutable {
      if (!message) return stream->finish({}, {});
      Result<wire::DataRequest> request = wire::DataRequest::parse(*message);
      if (!request) return stream->finish(request.error(), {});
      process_single_data(context, std::move(*request), [stream](wire::Reply reply) {
        if (reply.status.ok()) stream->write(reply.response.serialize());
        stream->finish(std::move(reply.status), std::move(reply.trailing));
      });
    });
  }
  void stream_doc(RequestContext&, Buffer request, std::shared_ptr<protocol::RequestStream> stream) override {
    ++calls;
    if (on_stream_doc) return on_stream_doc(std::move(request), std::move(stream));
    stream->write(std::move(request));
    stream->finish({}, {});
  }
  void endpoint_discovery(RequestContext& context, UniqueFunction<void(Result<Buffer>)> done) override {
    if (on_discovery) return on_discovery(context, std::move(done));
    done(Buffer::copy_of(endpoints));
  }

 private:
  boost::asio::io_context& io_;
  std::string name_;
  grpc::ServiceTable table_;
  std::shared_ptr<grpc::HealthState> health_ = std::make_shared<grpc::HealthState>(grpc::jina_service_names());
  std::unique_ptr<protocol::Server> server_;
  std::uint16_t port_ = 0;
};

}  // namespace jina::testing
