// Reading of where the collector is: "http://host:4317", "https://host/path", "host".
//
// Thread: free function. Lifetime: the result owns its text. Cancellation: none.
#pragma once
#include "otlp/export_options.hpp"

namespace jina::otlp {

/// `source` names the argument or variable in errors. What the text leaves open keeps the defaults; tls is true without a scheme.
Result<Endpoint> parse_endpoint(std::string_view text, std::string_view source);

}  // namespace jina::otlp
