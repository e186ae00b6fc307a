// The arguments of `jina gateway` as GatewayOptions, the settings of a Gateway YAML underneath them.
//
// Thread: main thread, at start. Lifetime: none. Cancellation: none.
#pragma once
#include "config/option.hpp"
#include "config/uses_config.hpp"
#include "gateway/gateway_options.hpp"

namespace jina::cli {

/// Lets the keys of a Gateway YAML count where the command line says nothing: CLI before YAML before default. Gives back warnings.
Result<std::vector<std::string>> apply_gateway_yaml(config::OptionBag& options, const config::UsesConfig& uses);

Result<gateway::GatewayOptions> gateway_options_from(const config::OptionBag& options);

}  // namespace jina::cli
