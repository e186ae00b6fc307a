#include "client/target.hpp"

#include <algorithm>
#include <charconv>

#include "base/letter_case.hpp"

namespace jina::client {
namespace {

Status bad(std::string_view text, std::string_view why) {
  return {StatusCode::kInvalidArgument,
          "'" + std::string(text) + "' is no address: " + std::string(why) + "; write for example grpc://127.0.0.1:54321"};
}

struct Scheme {
  std::string_view name;
  Protocol protocol;
  bool tls;
};
constexpr Scheme kSchemes[] = {
    {"grpc", Protocol::kGrpc, false},           {"grpcs", Protocol::kGrpc, true},           {"http", Protocol::kHttp, false},
    {"https", Protocol::kHttp, true},           {"ws", Protocol::kWebSocket, false},        {"wss", Protocol::kWebSocket, true},
    {"websocket", Protocol::kWebSocket, false}, {"websockets", Protocol::kWebSocket, true},
};

}  // namespace

std::string_view to_string(Protocol protocol) noexcept {
  switch (protocol) {
    case Protocol::kGrpc: return "grpc";
    case Protocol::kHttp: return "http";
    case Protocol::kWebSocket: return "websocket";
  }
  return "grpc";
}

std::string Target::address() const {
  const bool v6 = host.find(':') != std::string::npos;
  return (v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

std::string Target::url() const {
  for (const auto& scheme : kSchemes)
    if (scheme.protocol == protocol && scheme.tls == tls) return std::string(scheme.name) + "://" + address();
  return address();
}

Result<Protocol> parse_protocol(std::string_view name) {
  const auto word = lower_case(name);
  for (const auto& scheme : kSchemes)
    if (!scheme.tls && scheme.name == word) return scheme.protocol;
  return Status{StatusCode::kInvalidArgument, "'" + std::string(name) + "' is no protocol; write grpc, http or websocket"};
}

Result<Target> parse_target(std::string_view text, const TargetDefaults& defaults) {
  Target target;
  target.protocol = defaults.protocol;
  target.tls = defaults.tls;
  target.host = defaults.host;
  target.port = defaults.port;
  std::string_view rest = text;
  if (const auto colon = rest.find("://"); colon != rest.npos) {
    const auto name = lower_case(rest.substr(0, colon));
    const auto* scheme = std::find_if(std::begin(kSchemes), std::end(kSchemes), [&](const Scheme& s) { return s.name == name; });
    if (scheme == std::end(kSchemes)) return bad(text, "the scheme '" + name + "' is none of grpc, grpcs, http, https, ws, wss");
    target.protocol = scheme->protocol;
    target.tls = scheme->tls;
    rest.remove_prefix(colon + 3);
  }
  if (const auto slash = rest.find('/'); slash != rest.npos) {
    if (slash + 1 != rest.size()) return bad(text, "a path has no meaning here");
    rest.remove_suffix(1);
  }
  std::string_view port;
  if (rest.starts_with('[')) {
    const auto close = rest.find(']');
    if (close == rest.npos) return bad(text, "'[' is not closed");
    target.host = std::string(rest.substr(1, close - 1));
    if (close + 1 < rest.size() && rest[close + 1] != ':') return bad(text, "after ']' comes ':' and the port");
    port = close + 1 < rest.size() ? rest.substr(close + 2) : std::string_view{};
  } else {
    const auto colon = rest.rfind(':');
    if (rest.find(':') != colon) return bad(text, "write an IPv6 address in brackets, [::1]:54321");
    if (colon == rest.npos ? !rest.empty() : colon > 0) target.host = std::string(rest.substr(0, colon));
    if (colon != rest.npos) port = rest.substr(colon + 1);
  }
  if (!port.empty()) {
    unsigned number = 0;
    const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), number);
    if (error != std::errc{} || end != port.data() + port.size() || number == 0 || number > 65535)
      return bad(text, "'" + std::string(port) + "' is no port from 1 to 65535");
    target.port = static_cast<std::uint16_t>(number);
  }
  if (target.host.empty()) return bad(text, "the host is missing");
  if (target.port == 0) target.port = target.tls ? 443 : 80;
  return target;
}

}  // namespace jina::client
