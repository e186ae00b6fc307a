// stream_documents: the answer of a generator endpoint as server-sent events, as Jina's Executors send them:
// `event: update` with a Document each, `event: end` at the end. An endpoint that throws ends it with `event: error` and
// {"detail": "ValueError('boom')"} instead, where Jina ends it without a word.
//
// Thread: the I/O thread. Lifetime: the response keeps the call; the context outlives it. Cancellation: a client that is gone ends
// what the generator awaits.
#pragma once
#include <memory>

#include "executor/executor_host.hpp"
#include "executor/streamed_call.hpp"
#include "protocol/http/handler.hpp"

namespace jina {

http::Response stream_documents(ExecutorHost& host, RequestContext& context, std::unique_ptr<StreamedCall> call);

}  // namespace jina
