// Values of header fields: Range, Cookie, Content-Disposition, If-Modified-Since, Accept-Encoding.
#include <cstdint>
#include <cstdlib>

#include "app/files/byte_range.hpp"
#include "app/files/http_time.hpp"
#include "app/forms/cookies.hpp"
#include "app/forms/header_params.hpp"
#include "app/middleware/deflater.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::uint64_t file_size = std::uint64_t{data[0]} * data[0];
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);

  const jina::app::ByteRange range = jina::app::parse_range(text, file_size);
  if (range.kind == jina::app::ByteRange::Kind::kPart && (range.first > range.last || range.last >= file_size)) std::abort();

  jina::app::TextPairs cookies;
  jina::app::parse_cookies(text, cookies);
  std::size_t bytes = 0;
  for (const auto& [name, value] : cookies) bytes += name.size() + value.size();
  if (bytes > text.size()) std::abort();

  if (const auto value = jina::app::parse_header_value(text))
    for (const auto& [name, parameter] : value->params) (void)jina::app::decode_extended_param(parameter);
  if (const auto time = jina::app::parse_http_time(text); time && *time >= 0) (void)jina::app::http_time(*time);
  (void)jina::app::choose_coding(text);
  return 0;
}
