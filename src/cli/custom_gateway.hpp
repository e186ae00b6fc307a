// run_custom_gateway: `jina gateway` with a class of the user's.
//
// Thread: main thread, which becomes the gateway's I/O thread. Lifetime: none. Cancellation: SIGINT, SIGTERM, SIGHUP.
#pragma once
#include "cli/command.hpp"
#include "config/uses_config.hpp"
#include "gateway/gateway_options.hpp"
#include "jina/registry.hpp"

namespace jina::cli {

/// `uses.class_name` is set; its class may be missing, or an Executor. `uses.with` is all that the constructor gets. The exit code.
int run_custom_gateway(const Console& console, const config::OptionBag& bag, const config::UsesConfig& uses,
                       gateway::GatewayOptions options, const Registry& registry);

}  // namespace jina::cli
