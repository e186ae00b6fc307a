#include "app/forms/form.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "app/forms/header_params.hpp"
#include "app/forms/multipart.hpp"
#include "base/utf8.hpp"
#include "protocol/http/url.hpp"

namespace jina::app {
namespace {

Status field_too_large(const std::string& name, std::size_t limit) {
  return {StatusCode::kResourceExhausted, "The field " + name + " is larger than " + std::to_string(limit) + " bytes."};
}

Status malformed(std::string why) { return {StatusCode::kInvalidArgument, std::move(why)}; }

Result<FormData> parse_urlencoded(std::string_view body, const FormLimits& limits) {
  if (static_cast<std::size_t>(std::count(body.begin(), body.end(), '&')) >= limits.max_fields)
    return Status{StatusCode::kResourceExhausted,
                  "Too many fields. Maximum number of fields is " + std::to_string(limits.max_fields) + "."};
  FormData form;
  form.fields = http::parse_query(body);
  for (const auto& [name, value] : form.fields) {
    if (!is_utf8(name) || !is_utf8(value)) return malformed("a field is not UTF-8");
    if (value.size() > limits.max_field_bytes) return field_too_large(name, limits.max_field_bytes);
  }
  return form;
}

Result<FormData> parse_parts(std::string_view content_type, const Bytes& body, const FormLimits& limits) {
  const std::optional<std::string> boundary = multipart_boundary(content_type);
  if (!boundary) return malformed("multipart/form-data without a boundary");
  Result<std::vector<Part>> parts = parse_multipart(body, *boundary, {limits.max_fields, limits.max_header_bytes});
  if (!parts.ok()) return parts.error();
  FormData form;
  for (Part& part : *parts) {
    if (part.filename) {
      if (part.filename->empty() && part.content.empty()) continue;
      UploadFile file{std::move(*part.filename), std::move(part.content_type), std::move(part.headers), std::move(part.content)};
      form.files.emplace_back(std::move(part.name), std::move(file));
      continue;
    }
    if (part.content.size() > limits.max_field_bytes) return field_too_large(part.name, limits.max_field_bytes);
    if (!is_utf8(part.content.view())) return malformed("the field " + part.name + " is not UTF-8");
    form.fields.emplace_back(std::move(part.name), part.content.str());
  }
  return form;
}

}  // namespace

Result<FormData> parse_form(std::string_view content_type, const Bytes& body, const FormLimits& limits) {
  const std::optional<HeaderValue> type = parse_header_value(content_type);
  if (type && type->value == "application/x-www-form-urlencoded") return parse_urlencoded(body.view(), limits);
  if (type && type->value == "multipart/form-data") return parse_parts(content_type, body, limits);
  return FormData{};
}

FormData form_of(const HttpRequest& request, const FormLimits& limits) {
  Result<FormData> form = parse_form(request.header("content-type"), request.body, limits);
  if (form.ok()) return *std::move(form);
  if (form.error().code == StatusCode::kResourceExhausted) throw HttpError(413, boost::json::value(form.error().message));
  spdlog::debug("{} {}: {}", request.method, request.path, form.error().message);
  throw HttpError(400, "There was an error parsing the body");
}

}  // namespace jina::app
