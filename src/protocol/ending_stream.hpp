// tell_ending: a RequestStream that tells its end to somebody else too.
//
// Thread, cancellation: as the stream. Lifetime: shares the stream; `ended` is called once, at the end or when it is dropped
// before.
#pragma once
#include <memory>
#include <utility>

#include "protocol/request_handler.hpp"

namespace jina::protocol {

class EndingStream final : public RequestStream {
 public:
  EndingStream(std::shared_ptr<RequestStream> stream, UniqueFunction<void(const Status&)> ended)
      : stream_(std::move(stream)), ended_(std::move(ended)) {}
  ~EndingStream() override { end({StatusCode::kCancelled, "nobody went on with it"}); }

  void read(UniqueFunction<void(std::optional<Buffer>)> on_next) override { stream_->read(std::move(on_next)); }
  bool write(Buffer message) override { return stream_->write(std::move(message)); }
  std::size_t queued_bytes() const override { return stream_->queued_bytes(); }
  void when_writable(UniqueFunction<void()> on_writable) override { stream_->when_writable(std::move(on_writable)); }
  void finish(Status status, Metadata trailing) override {
    end(status);
    stream_->finish(std::move(status), std::move(trailing));
  }

 private:
  void end(const Status& status) {
    if (ended_) std::exchange(ended_, nullptr)(status);
  }

  std::shared_ptr<RequestStream> stream_;
  UniqueFunction<void(const Status&)> ended_;
};

inline std::shared_ptr<RequestStream> tell_ending(std::shared_ptr<RequestStream> stream,
                                                  UniqueFunction<void(const Status&)> ended) {
  return std::make_shared<EndingStream>(std::move(stream), std::move(ended));
}

}  // namespace jina::protocol
