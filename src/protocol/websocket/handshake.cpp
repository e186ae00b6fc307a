#include "protocol/websocket/handshake.hpp"

#include <openssl/evp.h>

#include <algorithm>

#include "protocol/http/response_head.hpp"
#include "protocol/http/syntax.hpp"
#include "protocol/websocket/websocket.hpp"

namespace jina::websocket {
namespace {

constexpr std::string_view kGuid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";  // RFC 6455, section 1.3

// 16 bytes in base64: 22 characters and "==".
bool is_key(std::string_view key) {
  return key.size() == 24 && key.ends_with("==") && std::all_of(key.begin(), key.end() - 2, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '+' || c == '/';
         });
}

bool acceptable(std::string_view offer) {
  bool first = true;
  bool deflate = false;
  bool acceptable = true;
  while (!offer.empty()) {
    const auto end = offer.find(';');
    const std::string_view part = http::trim(offer.substr(0, end));
    offer = end == std::string_view::npos ? std::string_view() : offer.substr(end + 1);
    const std::string_view name = http::trim(part.substr(0, part.find('=')));
    if (std::exchange(first, false)) {
      deflate = http::equal_nocase(part, "permessage-deflate");
    } else if (name != "server_no_context_takeover" && name != "client_no_context_takeover" && name != "client_max_window_bits") {
      acceptable = false;  // server_max_window_bits, which the thread's shared compressor does not have, or something unknown
    }
  }
  return deflate && acceptable;
}

// What the protocol itself says in its answer, or has no body for.
bool is_of_handshake(std::string_view name) noexcept {
  return name.starts_with("sec-websocket-") || name == "upgrade" || name == "connection" || name == "server" || name == "date" ||
         name == "content-length" || name == "content-type" || name == "transfer-encoding";
}

}  // namespace

std::string accept_key(std::string_view key) {
  const std::string text = std::string(key) + std::string(kGuid);
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  EVP_Digest(text.data(), text.size(), digest, &size, EVP_sha1(), nullptr);
  unsigned char encoded[64];
  const int length = EVP_EncodeBlock(encoded, digest, static_cast<int>(size));
  return std::string(reinterpret_cast<const char*>(encoded), static_cast<std::size_t>(length));
}

bool offers_deflate(const Metadata& headers) {
  bool offered = false;
  for (const auto& [name, value] : headers)
    if (name == "sec-websocket-extensions")
      http::for_each_element(value, [&](std::string_view offer) { offered |= acceptable(offer); });
  return offered;
}

std::optional<http::Response> check_handshake(const http::Request& request) {
  if (request.method != "GET") return http::error_response(400, "WebSocket handshake: the method must be GET");
  const std::string* version = find_value(request.headers, "sec-websocket-version");
  if (version == nullptr || *version != "13") {
    http::Response response = http::error_response(426, "WebSocket handshake: sec-websocket-version must be 13");
    response.headers.emplace_back("sec-websocket-version", "13");
    return response;
  }
  const auto keys = std::count_if(request.headers.begin(), request.headers.end(),
                                  [](const auto& field) { return field.first == "sec-websocket-key"; });
  if (keys != 1 || !is_key(*find_value(request.headers, "sec-websocket-key")))
    return http::error_response(400, "WebSocket handshake: sec-websocket-key must be 16 bytes in base64, once");
  return {};
}

std::string accept_response(const http::Request& request, const http::WebSocketDecision& decision, bool deflate) {
  std::string text = "HTTP/1.1 101 Switching Protocols\r\nserver: jina\r\ndate: ";
  text += http::http_date();
  text += "\r\nupgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-accept: ";
  text += accept_key(*find_value(request.headers, "sec-websocket-key"));
  if (http::is_token(decision.subprotocol)) text += "\r\nsec-websocket-protocol: " + decision.subprotocol;
  if (deflate) text += "\r\nsec-websocket-extensions: permessage-deflate; server_no_context_takeover; client_no_context_takeover";
  for (const auto& [name, value] : decision.headers)
    if (http::is_token(name) && http::is_field_value(value) && !is_of_handshake(name)) text += "\r\n" + name + ": " + value;
  text += "\r\n\r\n";
  return text;
}

}  // namespace jina::websocket
