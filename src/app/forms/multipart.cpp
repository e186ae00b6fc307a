#include "app/forms/multipart.hpp"

#include <string.h>

#include "app/forms/header_params.hpp"
#include "base/utf8.hpp"
#include "protocol/http/syntax.hpp"

namespace jina::app {
namespace {

constexpr std::size_t kNone = std::string_view::npos;

Status malformed(std::string_view what, std::size_t at) {
  return {StatusCode::kInvalidArgument, "multipart body: " + std::string(what) + " at byte " + std::to_string(at)};
}

// memmem is linear whatever the body looks like; string_view::find is not.
std::size_t find_from(std::string_view text, std::string_view what, std::size_t from) noexcept {
  if (from > text.size() || text.size() - from < what.size()) return kNone;
  const void* found = ::memmem(text.data() + from, text.size() - from, what.data(), what.size());
  return found == nullptr ? kNone : static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
}

bool is_boundary(std::string_view text) noexcept {
  if (text.empty() || text.size() > 70 || text.back() == ' ') return false;
  for (const char c : text) {
    const bool letter = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (!letter && std::string_view("'()+_,-./:=? ").find(c) == kNone) return false;
  }
  return true;
}

class Reader {
 public:
  Reader(const Bytes& body, std::string_view boundary, const MultipartLimits& limits)
      : body_(body), text_(body.view()), delimiter_("\r\n--" + std::string(boundary)), limits_(limits) {}

  Result<std::vector<Part>> read() {
    // The first boundary has no line end before it unless there is a preamble.
    const std::string_view first = std::string_view(delimiter_).substr(2);
    if (text_.starts_with(first)) {
      at_ = first.size();
    } else {
      const std::size_t found = find_from(text_, delimiter_, 0);
      if (found == kNone) return malformed("no boundary", 0);
      at_ = found + delimiter_.size();
    }
    std::vector<Part> parts;
    for (;;) {
      if (text_.substr(at_).starts_with("--")) return parts;
      while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;  // transport padding
      if (!text_.substr(at_).starts_with("\r\n")) return malformed("a boundary that goes on", at_);
      at_ += 2;
      if (parts.size() == limits_.max_parts)
        return Status{StatusCode::kResourceExhausted,
                      "Too many parts. Maximum number of parts is " + std::to_string(limits_.max_parts) + "."};
      Part& part = parts.emplace_back();
      if (Status status = read_headers(part); !status.ok()) return status;
      // An empty part may share the line end of its header with the boundary.
      const std::size_t end = find_from(text_, delimiter_, at_ - 2);
      if (end == kNone) return malformed("a part without an end", at_);
      if (end >= at_) part.content = body_.slice(at_, end - at_);
      at_ = end + delimiter_.size();
    }
  }

 private:
  Status read_headers(Part& part) {
    const std::size_t begin = at_;
    for (;;) {
      const std::size_t end = find_from(text_.substr(0, std::min(text_.size(), begin + limits_.max_header_bytes)), "\r\n", at_);
      if (end == kNone) {
        if (text_.size() - begin < limits_.max_header_bytes) return malformed("a header without an end", begin);
        return {StatusCode::kResourceExhausted,
                "The header of a part is larger than " + std::to_string(limits_.max_header_bytes) + " bytes."};
      }
      const std::string_view line = text_.substr(at_, end - at_);
      const std::size_t line_at = at_;
      at_ = end + 2;
      if (line.empty()) break;
      const std::size_t colon = line.find(':');
      if (colon == kNone || !http::is_token(line.substr(0, colon))) return malformed("a header line without a name", line_at);
      const std::string_view value = http::trim(line.substr(colon + 1));
      if (!http::is_field_value(value)) return malformed("a control character in a header", line_at);
      std::string name;
      http::assign_lower(name, line.substr(0, colon));
      part.headers.emplace_back(std::move(name), value);
    }
    return read_disposition(part, begin);
  }

  static Status read_disposition(Part& part, std::size_t at) {
    const std::string* disposition = find_value(part.headers, "content-disposition");
    if (disposition == nullptr) return malformed("a part without Content-Disposition", at);
    const std::optional<HeaderValue> value = parse_header_value(*disposition);
    if (!value || value->value != "form-data") return malformed("a part whose Content-Disposition is not form-data", at);
    const std::string* name = value->param("name");
    if (name == nullptr || !is_utf8(*name)) return malformed("a part without a name", at);
    part.name = *name;
    if (const std::string* filename = value->param("filename")) part.filename = *filename;
    if (const std::string* extended = value->param("filename*"))
      if (std::optional<std::string> decoded = decode_extended_param(*extended)) part.filename = std::move(decoded);
    if (part.filename && !is_utf8(*part.filename)) return malformed("the name of a file is not UTF-8", at);
    if (const std::string* type = find_value(part.headers, "content-type")) part.content_type = *type;
    return {};
  }

  const Bytes& body_;
  const std::string_view text_;
  const std::string delimiter_;
  const MultipartLimits& limits_;
  std::size_t at_ = 0;
};

}  // namespace

std::optional<std::string> multipart_boundary(std::string_view content_type) {
  const std::optional<HeaderValue> value = parse_header_value(content_type);
  if (!value || value->value != "multipart/form-data") return std::nullopt;
  const std::string* boundary = value->param("boundary");
  if (boundary == nullptr || !is_boundary(*boundary)) return std::nullopt;
  return *boundary;
}

Result<std::vector<Part>> parse_multipart(const Bytes& body, std::string_view boundary, const MultipartLimits& limits) {
  return Reader(body, boundary, limits).read();
}

}  // namespace jina::app
