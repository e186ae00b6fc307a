// A request in Jina's JSON: body of POST /post and the CRUD routes, text frame of a WebSocket -> what goes over the wire.
//
// The body is read as Python's json and validated as pydantic v1 does it for Jina's models, so that the same inputs pass with the
// same coercions and the same others are refused with the same words.
//
// Thread: free functions, plain values. Lifetime: results own their memory. Cancellation: none.
#pragma once
#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "document/json/validation_error.hpp"
#include "jina/document.hpp"
#include "wire/data_request.hpp"

namespace jina {

struct JsonRequestOptions {
  /// True for /post and WebSocket: `execEndpoint` is read (default "/"). False where the route decides: exec_endpoint stays empty.
  bool endpoint_from_body = true;
  /// A text frame: `data` must be there, {} ends the stream, lists and scalars are ignored.
  bool websocket = false;
  /// The Content-Type header; absent counts as JSON. Anything that is not JSON is refused with 422.
  std::optional<std::string_view> content_type{};
};

struct JsonRequest {
  enum class Kind : std::uint8_t {
    kRequest,
    kEndOfStream,  ///< WebSocket: {}
    kIgnored,      ///< WebSocket: no object
  };
  Kind kind = Kind::kRequest;
  std::string exec_endpoint{};
  std::optional<std::string> target_executor{};
  std::optional<boost::json::object> parameters{};
  bool has_data = false;  ///< `data` was given and not null
  DocumentArray docs{};
};

/// Why there is no request.
struct JsonRequestError {
  int http_status = 500;                    ///< 422, 400 or 500; on a WebSocket any of them ends the connection
  std::vector<ValidationDetail> details{};  ///< for 422
  std::string reason{};                     ///< for the log; also what a 500 was about

  /// The body of the HTTP answer, and its media type.
  std::string body() const;
  std::string_view content_type() const noexcept;
};

using JsonRequestResult = std::variant<JsonRequest, JsonRequestError>;

JsonRequestResult parse_json_request(std::string_view body, const JsonRequestOptions& options);

/// The request as it enters the Flow: header and parameters encoded, the Documents as they are. `request_id` is a fresh one on HTTP
/// and WebSocket.
wire::DataRequest to_data_request(JsonRequest&& request, std::string_view request_id);

/// What Jina answers when the Flow can not be reached (503, 504): the request sent back with the error in its header.
struct JsonNetworkError {
  std::string_view request_id;
  std::string_view description;  ///< the details of the gRPC status
  std::string_view exception_name = "<class 'jina.excepts.InternalNetworkError'>";
  std::vector<std::string> stacks{};
};
/// `body` and `options` are those that parse_json_request accepted; the body is read again, so that the values come back as they
/// were sent. Nothing when the answer can not be written in JSON (NaN or infinity in it), where Jina answers 500.
std::optional<std::string> write_error_response(std::string_view body, const JsonRequestOptions& options,
                                                const JsonNetworkError& error);

}  // namespace jina
