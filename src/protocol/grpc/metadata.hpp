// What gRPC writes into header fields: timeouts, percent-encoded messages, binary metadata.
//
// Thread: free functions. Lifetime: results own their text. Cancellation: none.
#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "jina/request_context.hpp"

namespace jina::grpc {

/// The value of grpc-timeout ("100m", "5S"); empty when it is malformed. Long ones are cut to about 292 years.
std::optional<std::chrono::nanoseconds> parse_timeout(std::string_view text) noexcept;
/// At most 8 digits and the finest unit that holds them; what is not positive becomes "1n".
std::string format_timeout(std::chrono::nanoseconds timeout);

/// grpc-message: everything outside of printable ASCII and '%' as %XX.
std::string percent_encode(std::string_view text);
/// Broken escapes stay as they are.
std::string percent_decode(std::string_view text);

/// Whether a header field belongs to the transport and is no metadata (":path", "te", "content-type", "grpc-...").
bool is_reserved(std::string_view name) noexcept;
/// Adds a received field to `metadata`; values of "-bin" names are decoded from base64 (several joined by ',' become several
/// entries). False when the base64 is broken.
bool add_received(Metadata& metadata, std::string_view name, std::string_view value);
/// The field's value as it is sent.
std::string encode_value(std::string_view name, std::string_view value);

}  // namespace jina::grpc
