// An HTTP/1 connection: the same requests, however its bytes were cut into pieces, and what is taken out of their targets. How soon
// something wrong is refused, and with which of several reasons, depends on the pieces: a method that is none is seen at once.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "protocol/http/request_reader.hpp"
#include "protocol/http/url.hpp"

namespace {

using jina::Bytes;
using jina::http::RequestReader;

// What was read, as one text.
std::string read(std::string_view stream, std::size_t piece) {
  jina::http::Limits limits;
  limits.max_header_bytes = 400;
  limits.max_body_bytes = 1000;
  RequestReader reader(limits);
  std::string seen;
  for (std::size_t at = 0; at < stream.size(); at += piece) {
    Bytes input = Bytes::copy_of(stream.substr(at, piece));
    while (!input.empty()) {
      const std::size_t before = input.size();
      const RequestReader::Step step = reader.feed(input);
      if (step == RequestReader::Step::kError) {
        if (reader.error().status < 400 || reader.error().detail.empty()) std::abort();
        return seen;
      }
      if (step == RequestReader::Step::kNeedMore && !input.empty()) std::abort();
      if (step == RequestReader::Step::kHeader) seen += "header ";
      if (step == RequestReader::Step::kRequest) {
        const jina::http::Request& request = reader.request();
        seen += request.method + ' ' + request.path + '?' + request.query + ' ' + request.body.str() + '\n';
        for (const auto& [name, value] : jina::http::parse_query(request.query)) seen += name + '=' + value + '\n';
        for (const auto& [name, value] : request.headers) seen += name + ':' + value + '\n';
        reader.next();
      }
      if (step == RequestReader::Step::kNeedMore && input.size() == before) break;
    }
  }
  return seen;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::string_view stream(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::string whole = read(stream, stream.size());
  if (read(stream, 1) != whole || read(stream, std::size_t{1} + data[0]) != whole) std::abort();
  return 0;
}
