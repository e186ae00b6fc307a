// What a Gateway YAML and the class it names say about the arguments of `jina gateway`.
//
// Thread: start-up. Lifetime: none. Cancellation: none.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "config/option.hpp"
#include "config/uses_config.hpp"

namespace jina::config {

/// Lets the keys of a Gateway YAML count where the command line says nothing: CLI before YAML before default. Gives back warnings.
Result<std::vector<std::string>> apply_gateway_yaml(OptionBag& options, const UsesConfig& uses);

/// Whether `name` is one of Jina's own gateways: GRPCGateway, HTTPGateway, WebSocketGateway, CompositeGateway; "", BaseGateway and
/// Gateway stand for the one that fits the protocols.
bool is_builtin_gateway(std::string_view name) noexcept;
/// As in Jina, a class that speaks one protocol decides: `--protocol` is then set to it. A warning when that says something else.
std::vector<std::string> apply_builtin_protocol(OptionBag& options, std::string_view name);
/// `with` of a built-in gateway: title, cors and so on, as its constructor takes them in Jina, where the arguments say nothing. A
/// warning for what has no effect.
Result<std::vector<std::string>> apply_builtin_with(OptionBag& options, std::string_view name, const boost::json::object& with);

}  // namespace jina::config
