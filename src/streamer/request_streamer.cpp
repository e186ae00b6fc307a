#include "streamer/request_streamer.hpp"

#include <algorithm>
#include <charconv>
#include <deque>
#include <optional>
#include <string>
#include <utility>

namespace jina::streamer {
namespace {

// "No limit" still ends somewhere: memory must not be a client's to use up.
constexpr std::size_t kMostInWork = 100'000;

// Jina writes the stub message before these; after anything else its stream just ends.
bool is_network_failure(StatusCode code) {
  return code == StatusCode::kUnavailable || code == StatusCode::kDeadlineExceeded || code == StatusCode::kNotFound;
}

class RequestStreamer : public std::enable_shared_from_this<RequestStreamer> {
 public:
  RequestStreamer(topology::GraphRunner& runner, RequestContext& context, std::shared_ptr<protocol::RequestStream> stream,
                  StreamDefaults with)
      : runner_(runner),
        context_(context),
        stream_(std::move(stream)),
        most_in_work_(with.prefetch > 0 ? static_cast<std::size_t>(with.prefetch) : kMostInWork),
        max_queued_bytes_(with.max_queued_bytes),
        stub_message_(with.stub_message),
        in_order_(with.results_in_order) {}

  // Asks for the next request unless enough is going on.
  void read() {
    if (reading_ || ended_ || waiting_writable_ || in_work_ >= most_in_work_) return;
    if (stream_->queued_bytes() > max_queued_bytes_) return wait_writable();
    reading_ = true;
    stream_->read([self = shared_from_this()](std::optional<Buffer> message) {
      self->reading_ = false;
      self->on_message(std::move(message));
    });
  }

 private:
  // A request of an ordered stream, until it is its turn.
  struct Slot {
    bool done = false;
    std::optional<Buffer> answer{};  // none for the one that failed
  };

  void wait_writable() {
    waiting_writable_ = true;
    stream_->when_writable([self = shared_from_this()] {
      self->waiting_writable_ = false;
      self->read();
    });
  }

  void on_message(std::optional<Buffer> message) {
    // A read that was under way when the stream failed: its request is not started any more.
    if (ended_) return;
    if (!message) return end();
    Result<wire::DataRequest> request = wire::DataRequest::parse(*message);
    if (!request) return fail(std::move(request).error(), {});
    ++in_work_;
    const std::uint64_t number = next_number_++;
    if (in_order_) slots_.emplace_back();
    auto done = [self = shared_from_this(), number, header = request->header](wire::Reply reply) {
      self->on_reply(number, header, std::move(reply));
    };
    runner_.run(context_, std::move(*request), std::move(done));
    read();
  }

  void on_reply(std::uint64_t number, const Bytes& header, wire::Reply reply) {
    std::optional<Buffer> answer;
    if (reply.status.ok()) answer = reply.response.serialize();
    if (!in_order_) {
      --in_work_;
      if (answer) stream_->write(std::move(*answer));
    } else {
      Slot& slot = slots_[static_cast<std::size_t>(number - first_number_)];
      slot.done = true;
      slot.answer = std::move(answer);
      write_in_order();
    }
    if (!reply.status.ok()) return fail(std::move(reply.status), header);
    if (ended_) return finish_if_done();
    read();
  }

  void write_in_order() {
    while (!slots_.empty() && slots_.front().done) {
      std::optional<Buffer> answer = std::move(slots_.front().answer);
      slots_.pop_front();
      ++first_number_;
      --in_work_;
      if (answer) stream_->write(std::move(*answer));
    }
  }

  void fail(Status status, const Bytes& header) {
    if (status_.ok()) {
      status_ = std::move(status);
      failed_header_ = header;
    }
    end();
  }

  void end() {
    ended_ = true;
    finish_if_done();
  }

  void finish_if_done() {
    if (in_work_ > 0 || finished_) return;
    finished_ = true;
    if (stub_message_ && is_network_failure(status_.code) && !context_.cancelled()) write_stub();
    stream_->finish(std::move(status_), {});
  }

  void write_stub() {
    const Result<wire::HeaderView> header = wire::parse_header(failed_header_.view());
    wire::DataRequest stub;
    if (header && !header->request_id.empty()) stub.header = Bytes::take(wire::encode_header({.request_id = header->request_id}));
    stub.has_header = !stub.header.empty();
    stream_->write(stub.serialize());
  }

  topology::GraphRunner& runner_;
  RequestContext& context_;
  std::shared_ptr<protocol::RequestStream> stream_;
  const std::size_t most_in_work_;
  const std::size_t max_queued_bytes_;
  const bool stub_message_;
  const bool in_order_;
  std::deque<Slot> slots_;  // requests first_number_ and following; of an ordered stream only
  std::uint64_t first_number_ = 0;
  std::uint64_t next_number_ = 0;
  std::size_t in_work_ = 0;
  Status status_;  // of the first request that failed
  Bytes failed_header_;
  bool reading_ = false;
  bool waiting_writable_ = false;
  bool ended_ = false;
  bool finished_ = false;
};

}  // namespace

StreamDefaults read_stream_metadata(const Metadata& metadata, StreamDefaults defaults) {
  if (const std::string* in_order = find_value(metadata, "__results_in_order__")) defaults.results_in_order = *in_order == "true";
  if (const std::string* prefetch = find_value(metadata, "__prefetch__")) {
    int value = 0;
    const auto [end, error] = std::from_chars(prefetch->data(), prefetch->data() + prefetch->size(), value);
    if (error == std::errc{} && end == prefetch->data() + prefetch->size() && value > 0)
      defaults.prefetch = std::min(value, static_cast<int>(kMostInWork));
  }
  return defaults;
}

void stream_requests(topology::GraphRunner& runner, RequestContext& context, std::shared_ptr<protocol::RequestStream> stream,
                     StreamDefaults defaults) {
  std::make_shared<RequestStreamer>(runner, context, std::move(stream), read_stream_metadata(context.metadata, defaults))->read();
}

}  // namespace jina::streamer
