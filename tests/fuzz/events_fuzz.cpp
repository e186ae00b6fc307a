// Server-sent events of an HTTP server: the same ones, however the stream was cut into pieces.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "client/event_parser.hpp"

namespace {

using Events = std::vector<std::pair<std::string, std::string>>;

Events read(std::string_view stream, std::size_t piece) {
  Events events;
  jina::client::EventParser parser([&](std::string_view name, std::string_view data) {
    events.emplace_back(name, data);
    return true;
  });
  for (std::size_t at = 0; at < stream.size(); at += piece)
    if (!parser.take(stream.substr(at, piece))) std::abort();
  return events;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::string_view stream(reinterpret_cast<const char*>(data) + 1, size - 1);
  const Events whole = read(stream, stream.size());
  if (read(stream, 1) != whole || read(stream, std::size_t{1} + data[0]) != whole) std::abort();
  return 0;
}
