// RequestStreamer: one stream of JinaRPC/Call through the graph. Requests are read ahead up to a bound and answered as they finish
// or, when the client asks for it, in the order they came.
//
// A request whose Executor cannot be reached ends the stream: nothing more is read, what is in work is still answered, then come
// one message with nothing but that request's id, and the status (wire facts, section 9). An Executor that raised ends nothing.
//
// Thread: the I/O thread of the stream. Lifetime: keeps itself until the stream is finished; runner and context outlive it.
// Cancellation: the stream's context.
#pragma once
#include <cstddef>
#include <memory>

#include "jina/request_context.hpp"
#include "protocol/request_handler.hpp"
#include "topology/graph_runner.hpp"

namespace jina::streamer {

struct StreamDefaults {
  int prefetch = 1000;  ///< requests in work at a time, answers not yet written included; 0 = no limit of ours
  bool results_in_order = false;
  std::size_t max_queued_bytes = 4 << 20;  ///< answers that the client does not take hold back reading
  bool stub_message = true;                ///< false: a failed request is told by the status alone
};

/// The defaults, overridden by the client's metadata `__prefetch__` (ignored when it is no positive number) and
/// `__results_in_order__` ("true" or not).
StreamDefaults read_stream_metadata(const Metadata& metadata, StreamDefaults defaults);

/// Reads `stream` to its end and finishes it.
void stream_requests(topology::GraphRunner& runner, RequestContext& context, std::shared_ptr<protocol::RequestStream> stream,
                     StreamDefaults defaults);

}  // namespace jina::streamer
