#include "connection_pool/traced_stream.hpp"

#include "telemetry/rpc_span.hpp"

namespace jina {

TracedStream::TracedStream(std::shared_ptr<grpc::ClientStream> stream, Span span, std::unique_ptr<metrics::CallWatch> watch)
    : stream_(std::move(stream)), span_(std::move(span)), watch_(std::move(watch)) {
  if (watch_) watch_->began();
}

TracedStream::~TracedStream() {
  if (watch_) watch_->ended();
}

bool TracedStream::write(Buffer message) {
  if (watch_) watch_->sent(message.size());
  return stream_->write(std::move(message));
}

void TracedStream::read(UniqueFunction<void(std::optional<Buffer>)> on_next) {
  stream_->read([self = shared_from_this(), on_next = std::move(on_next)](std::optional<Buffer> message) mutable {
    if (!message) telemetry::end_rpc_span(self->span_, SpanKind::kClient, self->stream_->status());
    if (self->watch_ && message) self->watch_->received(message->size());
    if (self->watch_ && !message) std::exchange(self->watch_, nullptr)->ended();
    on_next(std::move(message));
  });
}

}  // namespace jina
