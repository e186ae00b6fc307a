#include "app/responses.hpp"

#include "document/json/validation_error.hpp"

namespace jina::app {
namespace {

constexpr std::string_view kJson = "application/json";

http::Response with_type(int status, std::string_view type, Buffer body) {
  http::Response response;
  response.status = status;
  response.headers.emplace_back("content-type", type);
  response.body = std::move(body);
  return response;
}

// Keeps what may stand in a URL, percent escapes included; anything else (spaces, control characters, UTF-8) is escaped.
void append_url_part(std::string& out, std::string_view text) {
  constexpr std::string_view kKept = ":/%#?=@[]!$&'()*+,;-._~";
  constexpr char kHex[] = "0123456789ABCDEF";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
        kKept.find(c) != std::string_view::npos) {
      out += c;
    } else {
      out += '%';
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    }
  }
}

}  // namespace

http::Response json_response(int status, Buffer body) { return with_type(status, kJson, std::move(body)); }

http::Response static_json_response(int status, std::string_view body) { return with_type(status, kJson, Bytes::of_static(body)); }

http::Response text_response(int status, std::string_view text) {
  return with_type(status, "text/plain; charset=utf-8", Buffer::copy_of(text));
}

http::Response detail_response(int status, std::string_view detail) {
  return json_response(status, Buffer::take(write_detail(detail)));
}

http::Response redirect_response(const http::Request& request, std::string_view path) {
  std::string location = request.secure ? "https://" : "http://";
  if (request.authority.empty()) location.clear();
  append_url_part(location, request.authority);
  append_url_part(location, path);
  if (!request.query.empty()) {
    location += '?';
    append_url_part(location, request.query);
  }
  http::Response response;
  response.status = 307;
  response.headers.emplace_back("location", std::move(location));
  return response;
}

std::string_view header_of(const http::Request& request, std::string_view name) noexcept {
  const std::string* value = find_value(request.headers, name);
  return value == nullptr ? std::string_view{} : std::string_view(*value);
}

}  // namespace jina::app
