#include "document/json/validation_error.hpp"

#include "base/json_string.hpp"

namespace jina {

using pyjson::append_utf8_string;

std::optional<std::string> write_validation_details(const std::vector<ValidationDetail>& details) {
  std::string out = R"({"detail":[)";
  bool writable = true;
  const auto text = [&](std::string_view name, std::string_view value) {
    out += name;
    writable = append_utf8_string(out, value) && writable;
  };
  for (const ValidationDetail& detail : details) {
    if (out.back() != '[') out += ',';
    out += R"({"loc":[)";
    for (const LocItem& item : detail.loc) {
      if (&item != detail.loc.data()) out += ',';
      if (const auto* index = std::get_if<std::int64_t>(&item)) {
        out += std::to_string(*index);
      } else {
        text("", std::get<std::string>(item));
      }
    }
    text(R"(],"msg":)", detail.msg);
    text(R"(,"type":)", detail.type);
    if (detail.ctx) {
      text(R"(,"ctx":{"msg":)", detail.ctx->message);
      text(R"(,"doc":)", detail.ctx->document);
      out += R"(,"pos":)" + std::to_string(detail.ctx->pos) + R"(,"lineno":)" + std::to_string(detail.ctx->line) + R"(,"colno":)" +
             std::to_string(detail.ctx->column) + '}';
    }
    out += '}';
  }
  out += "]}";
  if (!writable) return std::nullopt;
  return out;
}

std::string write_detail(std::string_view message) {
  std::string out = R"({"detail":)";
  // A message of ours; should it ever hold broken text, the quotes are closed all the same.
  (void)append_utf8_string(out, message);
  return out + '}';
}

}  // namespace jina
