#include "connection_pool/traced_stream.hpp"

#include "telemetry/rpc_span.hpp"

namespace jina {

void TracedStream::read(UniqueFunction<void(std::optional<Buffer>)> on_next) {
  stream_->read([self = shared_from_this(), on_next = std::move(on_next)](std::optional<Buffer> message) mutable {
    if (!message) telemetry::end_rpc_span(self->span_, SpanKind::kClient, self->stream_->status());
    on_next(std::move(message));
  });
}

}  // namespace jina
