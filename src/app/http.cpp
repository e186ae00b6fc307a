// Requests, responses and errors of jina/http.hpp.
#include "jina/http.hpp"

#include "app/forms/cookies.hpp"
#include "document/json/json_text.hpp"
#include "protocol/http/url.hpp"

namespace jina {
namespace {

HttpResponse with_type(int status, std::string_view type, std::string body) {
  HttpResponse response;
  response.status = status;
  response.headers.emplace_back("content-type", type);
  response.body = Bytes::take(std::move(body));
  return response;
}

// What a header can not have in it stays away from the wire: the server drops such a header as a whole.
std::string shown(const boost::json::value& detail) {
  if (const auto* text = detail.if_string()) return std::string(text->data(), text->size());
  std::string text;
  json::append_value(text, detail);
  return text;
}

}  // namespace

std::string_view HttpRequest::header(std::string_view name) const noexcept {
  const std::string* value = find_value(headers, name);
  return value == nullptr ? std::string_view{} : std::string_view(*value);
}

std::optional<std::string> HttpRequest::cookie(std::string_view name) const {
  std::optional<std::string> found;
  // The last one counts, as for Cookie<T>.
  for (auto& [key, value] : app::cookies_of(headers))
    if (key == name) found = std::move(value);
  return found;
}

HttpResponse HttpResponse::json(const boost::json::value& value, int status) {
  std::string body;
  jina::json::append_value(body, value);
  return with_type(status, "application/json", std::move(body));
}
HttpResponse HttpResponse::text(std::string text, int status) {
  return with_type(status, "text/plain; charset=utf-8", std::move(text));
}
HttpResponse HttpResponse::html(std::string html, int status) {
  return with_type(status, "text/html; charset=utf-8", std::move(html));
}
HttpResponse HttpResponse::redirect(std::string location, int status) {
  HttpResponse response;
  response.status = status;
  response.headers.emplace_back("location", std::move(location));
  return response;
}
HttpResponse HttpResponse::empty(int status) {
  HttpResponse response;
  response.status = status;
  return response;
}

HttpResponse& HttpResponse::set_header(std::string_view name, std::string value) & {
  for (auto& [key, old] : headers) {
    if (key != name) continue;
    old = std::move(value);
    return *this;
  }
  headers.emplace_back(std::string(name), std::move(value));
  return *this;
}

HttpError::HttpError(int status, boost::json::value detail, Metadata headers)
    : std::runtime_error(std::to_string(status) + " " + shown(detail)),
      status_(status),
      detail_(std::move(detail)),
      headers_(std::move(headers)) {}
HttpError::~HttpError() = default;

}  // namespace jina
