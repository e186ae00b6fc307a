// GatewayStreamer over the graph and the connections that a gateway has already: what the runtime injects into user code.
//
// Thread, cancellation: as GatewayStreamer. Lifetime: the runner outlives it and its streams.
#pragma once
#include <memory>

#include "jina/streamer.hpp"
#include "topology/graph_runner.hpp"

namespace jina::gateway {

/// `prefetch` as GatewayOptions has it.
std::unique_ptr<GatewayStreamer> make_streamer(topology::GraphRunner& runner, int prefetch);

}  // namespace jina::gateway
