// An answer of the Flow -> Jina's JSON, in the dialect of its HTTP or of its WebSocket server.
//
// HTTP: camelCase outside of the documents, all 19 document fields with nulls, UTF-8 as it is. WebSocket: snake_case, absent fields
// left out of the envelope, everything beyond ASCII escaped. Numbers print as Python prints them.
//
// Thread: free functions. Lifetime: results own their text. Cancellation: none.
#pragma once
#include <string>
#include <string_view>

#include "jina/status.hpp"
#include "wire/data_request.hpp"

namespace jina {

enum class JsonDialect : std::uint8_t { kHttp, kWebSocket };

/// INTERNAL, with the reason, for an answer that Jina fails to write (HTTP 500, WebSocket cut off): NaN or infinity over HTTP, in
/// parameters and tags over both; tensors of types without a JSON form; `docs_bytes`; malformed bytes.
Result<std::string> write_json_response(const wire::DataRequest& response, JsonDialect dialect);

/// An encoded StatusProto, as /dry_run answers it: {"code":0,"description":"","exception":null}; over WebSocket {}.
Result<std::string> write_json_status(std::string_view status, JsonDialect dialect);

}  // namespace jina
