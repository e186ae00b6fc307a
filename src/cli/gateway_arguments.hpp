// The arguments of `jina gateway` as GatewayOptions.
//
// Thread: main thread, at start. Lifetime: none. Cancellation: none.
#pragma once
#include <cstdint>
#include <span>
#include <string>

#include "config/option.hpp"
#include "gateway/gateway_options.hpp"

namespace jina::cli {

/// "0.0.0.0:55101, 0.0.0.0:55102", as other programs take it: a log line is what people copy addresses from.
std::string addresses_text(const std::string& host, std::span<const std::uint16_t> ports);

Result<gateway::GatewayOptions> gateway_options_from(const config::OptionBag& options);

}  // namespace jina::cli
