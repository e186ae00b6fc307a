// The arguments of `jina gateway` as GatewayOptions.
//
// Thread: main thread, at start. Lifetime: none. Cancellation: none.
#pragma once
#include "config/option.hpp"
#include "gateway/gateway_options.hpp"

namespace jina::cli {

Result<gateway::GatewayOptions> gateway_options_from(const config::OptionBag& options);

}  // namespace jina::cli
