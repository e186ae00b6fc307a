// What handlers return, as bodies of answers; declared in jina/app_result.hpp.
#include "jina/app_result.hpp"

namespace jina::app::detail {
namespace {

// A type that With named for its body counts more.
void put(HttpResponse& response, std::string_view type, Bytes body) {
  if (find_value(response.headers, "content-type") == nullptr) {
    if (response.headers.empty()) response.headers.reserve(1);
    response.headers.emplace_back("content-type", type);
  }
  response.body = std::move(body);
}

}  // namespace

void put_json(HttpResponse& response, const described::TypeInfo& type, const void* value) {
  std::string text;
  text.reserve(200);  // a small answer without growing
  described::write(type, value, text);
  put(response, "application/json", Bytes::take(std::move(text)));
}
void put_text(HttpResponse& response, std::string text) {
  put(response, "text/plain; charset=utf-8", Bytes::take(std::move(text)));
}
void put_bytes(HttpResponse& response, Bytes bytes) { put(response, "application/octet-stream", std::move(bytes)); }
void put_missing(HttpResponse& response) {
  response.status = 404;
  put(response, "application/json", Bytes::of_static(R"({"detail":"Not Found"})"));
}

}  // namespace jina::app::detail
