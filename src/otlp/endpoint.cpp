#include "otlp/endpoint.hpp"

#include <charconv>

#include "base/letter_case.hpp"

namespace jina::otlp {

std::string Endpoint::url() const {
  const bool v6 = host.find(':') != std::string::npos;
  return (tls ? "https://" : "http://") + (v6 ? "[" + host + "]" : host) + ":" + std::to_string(port) + path;
}

Result<Endpoint> parse_endpoint(std::string_view text, std::string_view source) {
  const auto wrong = [&](const std::string& why) {
    return Status{StatusCode::kInvalidArgument,
                  std::string(source) + ": '" + std::string(text) + "' " + why + "; write for example http://localhost:4317"};
  };
  Endpoint endpoint;
  std::string_view rest = text;
  endpoint.scheme_named = rest.find("://") != std::string_view::npos;
  endpoint.tls = true;
  if (endpoint.scheme_named) {
    const std::string scheme = lower_case(rest.substr(0, rest.find("://")));
    if (scheme != "http" && scheme != "https" && scheme != "grpc" && scheme != "grpcs")
      return wrong("has the scheme '" + scheme + "', known are http (plain) and https (TLS)");
    endpoint.tls = scheme == "https" || scheme == "grpcs";
    rest.remove_prefix(rest.find("://") + 3);
  }
  if (const auto slash = rest.find('/'); slash != std::string_view::npos) {
    endpoint.path = std::string(rest.substr(slash));
    rest = rest.substr(0, slash);
  }
  if (rest.find_first_of("@?# ") != std::string_view::npos || endpoint.path.find_first_of("?# ") != std::string::npos)
    return wrong("is no address of a collector");
  std::string_view port;
  if (rest.starts_with('[')) {
    const auto close = rest.find(']');
    if (close == std::string_view::npos || (close + 1 < rest.size() && rest[close + 1] != ':'))
      return wrong("has an IPv6 address that does not end with ']'");
    endpoint.host = std::string(rest.substr(1, close - 1));
    if (close + 1 < rest.size()) port = rest.substr(close + 2);
  } else {
    const auto colon = rest.rfind(':');
    if (rest.find(':') != colon) return wrong("has an IPv6 address without brackets");
    endpoint.host = std::string(rest.substr(0, colon));
    if (colon != std::string_view::npos) port = rest.substr(colon + 1);
  }
  if (endpoint.host.empty()) return wrong("names no host");
  if (!port.empty()) {
    unsigned number = 0;
    const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), number);
    if (error != std::errc{} || end != port.data() + port.size() || number == 0 || number > 65'535)
      return wrong("has the port '" + std::string(port) + "', ports are 1 to 65535");
    endpoint.port = static_cast<std::uint16_t>(number);
  }
  return endpoint;
}

}  // namespace jina::otlp
