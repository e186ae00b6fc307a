// How the commands that connect somewhere are told about TLS: --tls, --ca, --insecure.
//
// Thread, cancellation: none of its own. Lifetime: plain functions.
#pragma once
#include <string>
#include <string_view>

#include "client/target.hpp"
#include "config/option.hpp"
#include "jina/status.hpp"

namespace jina::cli {

void add_tls_options(config::OptionSet& options, const std::string& group = "Options");

/// `text` as parse_target reads it, with what those options say. An error when they are given and the address is not one of TLS.
Result<client::Target> parse_tls_target(std::string_view text, client::TargetDefaults defaults, const config::OptionBag& options);

}  // namespace jina::cli
