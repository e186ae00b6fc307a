// generator_feed: the answer of a generator endpoint for an event stream (app/stream/document_events.hpp).
//
// Thread: the I/O thread. Lifetime: `host` outlives it, and so does `context` unless it is abandoned before. Cancellation: ends
// what the generator awaits; the call goes when that is over.
#pragma once
#include <memory>
#include <string>

#include "app/stream/document_events.hpp"
#include "executor/executor_host.hpp"

namespace jina {

/// `span_name`: see ExecutorHost::stream().
std::shared_ptr<app::DocumentFeed> generator_feed(ExecutorHost& host, RequestContext& context, const Endpoint& endpoint,
                                                  Document doc, std::string_view span_name);

}  // namespace jina
