// JSON bodies: of the gateway's routes, of a WebSocket, of an Executor's HTTP server, and what the client reads of an answer.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "client/json_message.hpp"
#include "document/json/executor_request.hpp"
#include "document/json/json_request.hpp"

namespace {

void send_on(jina::JsonRequestResult result) {
  if (const auto* error = std::get_if<jina::JsonRequestError>(&result)) {
    if (error->http_status < 400 || error->http_status > 599) std::abort();
    (void)error->body();
    return;
  }
  auto& request = std::get<jina::JsonRequest>(result);
  if (request.kind != jina::JsonRequest::Kind::kRequest) return;
  (void)jina::write_executor_response(jina::to_data_request(std::move(request), "0123456789abcdef"));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  for (const bool websocket : {false, true}) {
    jina::JsonRequestOptions options;
    options.websocket = websocket;
    jina::JsonRequestResult result = jina::parse_json_request(body, options);
    const bool accepted = std::holds_alternative<jina::JsonRequest>(result);
    send_on(std::move(result));
    if (accepted && !websocket)
      (void)jina::write_error_response(body, options, {.request_id = "0123456789abcdef", .description = "failed to connect"});
  }
  send_on(jina::parse_executor_request(body, std::nullopt));
  send_on(jina::parse_document_request(body, "application/json"));

  const auto message = jina::client::message_from_json(body);
  if (message) (void)jina::client::json_body(*message);
  (void)jina::client::document_from_json(body);
  (void)jina::client::outcome_of_json(body);
  (void)jina::client::status_of_http({.status = 503, .body = std::string(body)});
  return 0;
}
