// A multipart body: whatever it is, its parts lie inside of it, in order, and none of them has the boundary in it.
#include <cstdint>
#include <cstdlib>

#include "app/forms/multipart.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  // The first line is the Content-Type, the rest the body: the boundary is up to the fuzzer too.
  const std::size_t line = text.find('\n');
  const std::string_view type = text.substr(0, line);
  const jina::Bytes body = jina::Bytes::copy_of(line == std::string_view::npos ? std::string_view() : text.substr(line + 1));
  const std::optional<std::string> named = jina::app::multipart_boundary(type);
  const std::string boundary = named.value_or("XX");
  const auto parts = jina::app::parse_multipart(body, boundary, {.max_parts = 20, .max_header_bytes = 300});
  if (!parts.ok()) return 0;
  const char* at = body.data();
  for (const jina::app::Part& part : *parts) {
    if (part.content.empty()) continue;
    if (part.content.data() < at || part.content.data() + part.content.size() > body.data() + body.size()) std::abort();
    if (part.content.view().find("\r\n--" + boundary) != std::string_view::npos) std::abort();
    at = part.content.data() + part.content.size();
  }
  return 0;
}
