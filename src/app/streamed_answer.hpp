// Answers of handlers that take a ChunkWriter or an EventWriter: the handler runs beside the sending of its body.
//
// Thread: the request's I/O thread. Lifetime: route and environment outlive the response; request and context are copied into what
// the response's body owns, since the handler may still run when the server has forgotten the request. Cancellation: when the body
// is dropped (the client went away, the server stops), the copied context is cancelled and write() answers false.
#pragma once
#include "app/call.hpp"

namespace jina::app {

/// `call` is not bound yet: the handler is run in a Call of its own. The response comes with the first piece; when the handler
/// ended or threw before that, it is a whole one (empty, or error_answer).
Task<HttpResponse> answer_streamed(Call& call);

}  // namespace jina::app
