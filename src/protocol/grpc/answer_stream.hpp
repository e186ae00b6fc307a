// answer_stream: one stream of JinaRPC/Call: each message is worked on as it comes, answers go out as they are ready.
//
// Thread: the I/O thread of the stream. Lifetime: keeps itself until the stream is finished. Cancellation: the stream's context.
#pragma once
#include <memory>

#include "protocol/request_handler.hpp"

namespace jina::protocol {

/// Reads `stream` to its end, with a bound on how much is in work, and finishes it. `handler` outlives the stream.
void answer_stream(RequestHandler& handler, RequestContext& context, std::shared_ptr<RequestStream> stream);

}  // namespace jina::protocol
