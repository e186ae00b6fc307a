// A request body of Jina's HTTP gateway, or a text frame of its WebSocket one, as Documents (wire facts, section 10).
//
// Thread: free functions. Lifetime: results own their memory. Cancellation: none.
#pragma once
#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "jina/document.hpp"
#include "wire/data_request.hpp"

namespace jina::json {

struct JsonRequest {
  std::string exec_endpoint = "/";
  std::optional<std::string> target_executor{};
  std::optional<boost::json::object> parameters{};
  bool has_data = false;      ///< `data` was there and not null
  bool has_data_key = false;  ///< the key was there (WebSocket insists on it)
  bool is_empty_object = false;  ///< the body is {}: WebSocket's end of stream
  bool is_object = true;         ///< false for a list or a scalar, where those are let through
  DocumentArray docs{};
};

/// What a body is refused with: a status and the JSON text of the answer.
struct JsonRequestError {
  int http_status = 422;  ///< 400, 422 or 500
  std::string body{};     ///< {"detail":...}; for 500 Jina's plain text
  std::string summary{};  ///< one line that names the place, for close reasons and logs
};

/// Parses one body. `null` and nothing at all count as missing.
std::variant<JsonRequest, JsonRequestError> parse_json_request(std::string_view body);

/// {"detail":[{"loc":["body"],...}]}: a body of another content type.
JsonRequestError not_a_dict();

/// The request on the wire. `data` is present when it was in the JSON.
wire::DataRequest to_data_request(const JsonRequest& request, std::string_view request_id);

}  // namespace jina::json
