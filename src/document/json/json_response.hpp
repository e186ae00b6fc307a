// Answers in Jina's two JSON dialects (wire facts, section 10): HTTP has a camelCase envelope with nulls, WebSocket a snake_case one
// that leaves out what is not set and escapes everything outside of ASCII. Documents are snake_case with nulls in both.
//
// Thread: free functions. Lifetime: results own their text. Cancellation: none.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "document/json/json_request.hpp"
#include "jina/status.hpp"
#include "wire/data_request.hpp"

namespace jina::json {

enum class Dialect : bool { kHttp, kWebSocket };

/// The whole answer. INTERNAL when it holds what JSON can not say (NaN, infinities) or bytes that are no such message.
Result<std::string> write_response(const wire::DataRequest& response, Dialect dialect);

/// The body of a 503 or 504: the request, with a header that says why. `request_id` is the one the gateway made.
Result<std::string> write_failure(const JsonRequest& request, std::string_view request_id, const Status& why);

/// A StatusProto, as GET /dry_run answers it: {"code":0,"description":"","exception":null}.
std::string write_status(const Status& status);

/// {"detail":"..."}
std::string write_detail(std::string_view text);

/// The name that Jina gives to failures of the network.
inline constexpr std::string_view kNetworkErrorName = "<class 'jina.excepts.InternalNetworkError'>";

}  // namespace jina::json
