#include "gateway/http/websocket_codec.hpp"

#include "base/ids.hpp"
#include "document/json/json_request.hpp"
#include "document/json/json_response.hpp"

namespace jina::gateway {
namespace {

constexpr std::size_t kMaxCloseReason = 123;

WebSocketClose invalid(std::string reason) { return {CloseCode::kInvalid, std::move(reason)}; }

// "data.0.text: str type expected", from the first complaint, which is the useful one.
std::string one_line(const JsonRequestError& error) {
  if (error.details.empty()) return error.reason;
  const ValidationDetail& detail = error.details.front();
  std::string place;
  // The position of a syntax error stands in its message already, and "body" says nothing on a WebSocket.
  for (std::size_t i = 1; !detail.ctx && i < detail.loc.size(); ++i) {
    if (!place.empty()) place += '.';
    if (const auto* key = std::get_if<std::string>(&detail.loc[i]))
      place += *key;
    else
      place += std::to_string(std::get<std::int64_t>(detail.loc[i]));
  }
  return place.empty() ? detail.msg : place + ": " + detail.msg;
}

class JsonCodec final : public WebSocketCodec {
 public:
  WebSocketInput decode(const http::WebSocketMessage& message) const override {
    if (message.binary) return WebSocketClose{CloseCode::kUnsupported, "binary message; the subprotocol json takes text"};
    const Bytes text = message.payload.flatten();
    JsonRequestResult parsed = parse_json_request(text.view(), {.websocket = true});
    if (const auto* error = std::get_if<JsonRequestError>(&parsed)) return invalid(one_line(*error));
    auto& request = std::get<JsonRequest>(parsed);
    switch (request.kind) {
      case JsonRequest::Kind::kEndOfStream: return EndOfStream{};
      case JsonRequest::Kind::kIgnored: return Ignored{};
      case JsonRequest::Kind::kRequest: break;
    }
    return to_data_request(std::move(request), random_id());
  }
  Result<http::WebSocketMessage> encode(const wire::DataRequest& response) const override {
    auto text = write_json_response(response, JsonDialect::kWebSocket);
    if (!text) return std::move(text).error();
    return http::WebSocketMessage{Buffer::take(std::move(*text)), false};
  }
  http::WebSocketMessage dry_run_success() const override { return {Bytes::of_static("{}"), false}; }
};

class BytesCodec final : public WebSocketCodec {
 public:
  WebSocketInput decode(const http::WebSocketMessage& message) const override {
    if (!message.binary) return WebSocketClose{CloseCode::kUnsupported, "text message; the subprotocol bytes takes binary"};
    if (message.payload.empty()) return invalid("empty message; send one DataRequestProto");
    if (message.payload.size() == 1 && message.payload.pieces().front().view().front() == '\0') return EndOfStream{};
    auto request = wire::DataRequest::parse(message.payload);
    if (!request) return invalid("no DataRequestProto: " + request.error().message);
    return std::move(*request);
  }
  Result<http::WebSocketMessage> encode(const wire::DataRequest& response) const override {
    return http::WebSocketMessage{response.serialize(), true};
  }
  http::WebSocketMessage dry_run_success() const override { return {Buffer(), true}; }
};

// "{'10.0.0.1:80'}" out of "... at address(es) {'10.0.0.1:80'}. Head or worker(s) may be down."
std::string_view addresses_in(std::string_view details) noexcept {
  constexpr std::string_view kBefore = "at address(es) ";
  const auto begin = details.find(kBefore);
  if (begin == std::string_view::npos) return {};
  details.remove_prefix(begin + kBefore.size());
  const auto end = details.find('}');
  return details.front() != '{' || end == std::string_view::npos ? std::string_view{} : details.substr(0, end + 1);
}

}  // namespace

const WebSocketCodec& json_codec() noexcept {
  static const JsonCodec codec;
  return codec;
}

const WebSocketCodec& bytes_codec() noexcept {
  static const BytesCodec codec;
  return codec;
}

Subprotocol choose_subprotocol(const http::Request& request) {
  std::string offered;
  for (const auto& [name, value] : request.headers)
    if (name == "sec-websocket-protocol") offered += (offered.empty() ? "" : ", ") + value;
  if (offered == "bytes") return {bytes_codec(), "bytes"};
  std::string_view rest = offered;
  while (!rest.empty()) {
    const auto comma = rest.find(',');
    std::string_view name = rest.substr(0, comma);
    while (!name.empty() && name.front() == ' ') name.remove_prefix(1);
    while (!name.empty() && name.back() == ' ') name.remove_suffix(1);
    if (name == "json") return {json_codec(), "json"};
    rest = comma == std::string_view::npos ? std::string_view{} : rest.substr(comma + 1);
  }
  return {json_codec()};
}

WebSocketClose close_for(const Status& failure) {
  WebSocketClose close{CloseCode::kInternalError, failure.message};
  if (failure.code == StatusCode::kInvalidArgument) close.code = CloseCode::kInvalid;
  if (failure.message.size() <= kMaxCloseReason) return close;
  const std::string_view addresses = addresses_in(failure.message);
  if (!addresses.empty()) {
    const std::string where(addresses);
    if (failure.code == StatusCode::kDeadlineExceeded)
      close.reason = "Connection to deployment at " + where + " timed out. You can adjust `timeout_send` attribute.";
    else
      close.reason = "Network error while connecting to deployment at " + where + ". It may be down.";
  }
  close.reason = fit_close_reason(std::move(close.reason));
  return close;
}

std::string fit_close_reason(std::string text) {
  if (text.size() <= kMaxCloseReason) return text;
  std::size_t size = kMaxCloseReason;
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) --size;
  text.resize(size);
  return text;
}

}  // namespace jina::gateway
