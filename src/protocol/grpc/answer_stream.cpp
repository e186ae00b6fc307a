#include "protocol/grpc/answer_stream.hpp"

#include <utility>

namespace jina::protocol {
namespace {

class CallStream : public std::enable_shared_from_this<CallStream> {
 public:
  CallStream(RequestHandler& handler, RequestContext& context, std::shared_ptr<RequestStream> stream)
      : handler_(handler), context_(context), stream_(std::move(stream)) {}

  // Asks for the next message unless enough is going on.
  void read() {
    if (reading_ || ended_ || waiting_writable_ || in_work_ >= kMostInWork) return;
    if (stream_->queued_bytes() > kMostQueuedBytes) return wait_writable();
    reading_ = true;
    stream_->read([self = shared_from_this()](std::optional<Buffer> message) {
      self->reading_ = false;
      self->on_message(std::move(message));
    });
  }

 private:
  static constexpr int kMostInWork = 256;
  static constexpr std::size_t kMostQueuedBytes = 1 << 20;

  void wait_writable() {
    waiting_writable_ = true;
    stream_->when_writable([self = shared_from_this()] {
      self->waiting_writable_ = false;
      self->read();
    });
  }

  void on_message(std::optional<Buffer> message) {
    if (!message) return end({});
    Result<wire::DataRequest> request = wire::DataRequest::parse(*message);
    if (!request) return end(std::move(request).error());
    ++in_work_;
    handler_.process_single_data(context_, std::move(*request),
                                 [self = shared_from_this()](wire::Reply reply) { self->on_reply(std::move(reply)); });
    read();
  }

  void on_reply(wire::Reply reply) {
    --in_work_;
    if (!reply.status.ok()) return end(std::move(reply.status));
    stream_->write(reply.response.serialize());
    if (ended_) return finish_if_done();
    read();
  }

  // No more is read; what is in work is still answered. The first error is the stream's status.
  void end(Status status) {
    ended_ = true;
    if (status_.ok()) status_ = std::move(status);
    finish_if_done();
  }

  void finish_if_done() {
    if (in_work_ > 0 || finished_) return;
    finished_ = true;
    stream_->finish(std::move(status_), {});
  }

  RequestHandler& handler_;
  RequestContext& context_;
  std::shared_ptr<RequestStream> stream_;
  Status status_;
  int in_work_ = 0;
  bool reading_ = false;
  bool waiting_writable_ = false;
  bool ended_ = false;
  bool finished_ = false;
};

}  // namespace

void answer_stream(RequestHandler& handler, RequestContext& context, std::shared_ptr<RequestStream> stream) {
  std::make_shared<CallStream>(handler, context, std::move(stream))->read();
}

}  // namespace jina::protocol
