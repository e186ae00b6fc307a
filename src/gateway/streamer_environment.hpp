// JINA_STREAMER_ARGS: what another process, or a library in this one, builds a GatewayStreamer of this Flow from (wire facts,
// section 8). The way back is StreamerOptions::from_environment() of jina/streamer.hpp.
//
// Thread: start-up, before other threads read the environment. Lifetime: the process's. Cancellation: none.
#pragma once
#include "gateway/gateway_options.hpp"

namespace jina::gateway {

void export_streamer_arguments(const GatewayOptions& options);

}  // namespace jina::gateway
