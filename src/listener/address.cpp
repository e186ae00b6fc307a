#include "listener/address.hpp"

#include <charconv>

namespace jina::net {
namespace {
Status wrong(std::string_view address, std::string_view what) {
  return {StatusCode::kInvalidArgument, "address '" + std::string(address) + "': " + std::string(what) +
                                            "; write host:port, for example 127.0.0.1:8080 or [::1]:8080"};
}
}  // namespace

Result<HostPort> parse_host_port(std::string_view address) {
  std::string_view host, port;
  if (address.starts_with('[')) {
    const auto end = address.find(']');
    if (end == std::string_view::npos) return wrong(address, "the ']' is missing");
    host = address.substr(1, end - 1);
    if (end + 1 >= address.size() || address[end + 1] != ':') return wrong(address, "the port is missing");
    port = address.substr(end + 2);
  } else {
    const auto colon = address.rfind(':');
    if (colon == std::string_view::npos) return wrong(address, "the port is missing");
    host = address.substr(0, colon);
    port = address.substr(colon + 1);
    if (host.find(':') != std::string_view::npos) return wrong(address, "an IPv6 host needs brackets");
  }
  if (host.empty()) return wrong(address, "the host is missing");
  HostPort result{std::string(host)};
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), result.port);
  if (port.empty() || error != std::errc() || end != port.data() + port.size())
    return wrong(address, "'" + std::string(port) + "' is not a port between 0 and 65535");
  return result;
}

}  // namespace jina::net
