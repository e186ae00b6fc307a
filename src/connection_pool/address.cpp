#include "connection_pool/address.hpp"

#include <charconv>

namespace jina {

Result<ExecutorAddress> parse_executor_address(std::string_view text) {
  const auto wrong = [&](const std::string& why) {
    return Status{StatusCode::kInvalidArgument,
                  "address '" + std::string(text) + "' " + why + "; expected host:port or grpc://host:port"};
  };
  ExecutorAddress address;
  std::string_view rest = text;
  if (const std::size_t mark = text.find("://"); mark != std::string_view::npos) {
    const std::string_view scheme = text.substr(0, mark);
    rest = text.substr(mark + 3);
    if (scheme == "grpcs" || scheme == "https" || scheme == "wss") {
      address.tls = true;
    } else if (scheme != "grpc" && scheme != "http" && scheme != "ws") {
      return wrong("has the unknown scheme '" + std::string(scheme) + "'");
    }
  }
  if (rest.ends_with('/')) rest.remove_suffix(1);
  const std::size_t colon = rest.rfind(':');
  const bool has_port = colon != std::string_view::npos && rest.find(']', colon) == std::string_view::npos;
  if (!has_port) {
    if (!address.tls || rest.empty()) return wrong("has no port");
    address.host_port = std::string(rest) + ":443";
    return address;
  }
  const std::string_view port = rest.substr(colon + 1);
  unsigned number = 0;
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), number);
  if (error != std::errc{} || end != port.data() + port.size() || number == 0 || number > 65535)
    return wrong("has a port that is no number from 1 to 65535");
  if (colon == 0) return wrong("has no host");
  address.host_port = std::string(rest);
  return address;
}

}  // namespace jina
