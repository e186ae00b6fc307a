// StreamedRequests: reads the requests of one stream ahead, as long as not too much of them is in work or unwritten, and finishes
// the stream when the last one is answered. Who works on them derives from it.
//
// The first failure is the stream's status: nothing more is read, what is in work is still answered.
//
// Thread: the I/O thread of the stream. Lifetime: keeps itself until the stream is finished. Cancellation: the stream's context.
#pragma once
#include <cstddef>
#include <memory>
#include <optional>
#include <utility>

#include "protocol/request_handler.hpp"

namespace jina::protocol {

class StreamedRequests : public std::enable_shared_from_this<StreamedRequests> {
 public:
  virtual ~StreamedRequests() = default;
  StreamedRequests(const StreamedRequests&) = delete;
  StreamedRequests& operator=(const StreamedRequests&) = delete;

  /// Asks for the next request unless enough is going on.
  void read() {
    if (reading_ || ended_ || waiting_writable_ || in_work_ >= most_in_work_) return;
    if (stream_->queued_bytes() > most_queued_bytes_) return wait_writable();
    reading_ = true;
    stream_->read([self = shared_from_this()](std::optional<Buffer> message) {
      self->reading_ = false;
      self->on_message(std::move(message));
    });
  }

 protected:
  StreamedRequests(std::shared_ptr<RequestStream> stream, std::size_t most_in_work, std::size_t most_queued_bytes)
      : stream_(std::move(stream)), most_in_work_(most_in_work), most_queued_bytes_(most_queued_bytes) {}

  /// The request is in work until answered() counts it.
  virtual void start(wire::DataRequest request) = 0;
  /// Before the stream is finished with `status`: may write once more.
  virtual void last_words(const Status& status) { (void)status; }

  void answered() { --in_work_; }
  /// After answers were written: reads on, or finishes.
  void go_on() {
    if (ended_) return finish_if_done();
    read();
  }
  void fail(Status status) {
    if (status_.ok()) status_ = std::move(status);
    end();
  }
  bool failed() const noexcept { return !status_.ok(); }
  RequestStream& stream() noexcept { return *stream_; }

 private:
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
    if (!request) return fail(std::move(request).error());
    ++in_work_;
    start(std::move(*request));
    read();
  }

  void end() {
    ended_ = true;
    finish_if_done();
  }

  void finish_if_done() {
    if (in_work_ > 0 || finished_) return;
    finished_ = true;
    last_words(status_);
    stream_->finish(std::move(status_), {});
  }

  std::shared_ptr<RequestStream> stream_;
  const std::size_t most_in_work_;
  const std::size_t most_queued_bytes_;
  std::size_t in_work_ = 0;
  Status status_;  // of the first request that failed
  bool reading_ = false;
  bool waiting_writable_ = false;
  bool ended_ = false;
  bool finished_ = false;
};

}  // namespace jina::protocol
