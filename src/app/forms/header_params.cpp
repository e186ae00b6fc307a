#include "app/forms/header_params.hpp"

#include "base/utf8.hpp"
#include "protocol/http/syntax.hpp"
#include "protocol/http/url.hpp"

namespace jina::app {
namespace {

// Takes the string in quotes off the front of `text`.
std::optional<std::string> take_quoted(std::string_view& text) {
  std::string out;
  for (std::size_t at = 1; at < text.size(); ++at) {
    char c = text[at];
    if (c == '"') {
      text.remove_prefix(at + 1);
      return out;
    }
    if (c == '\\' && at + 1 < text.size() && (text[at + 1] == '"' || text[at + 1] == '\\')) c = text[++at];
    out += c;
  }
  return std::nullopt;
}

}  // namespace

const std::string* HeaderValue::param(std::string_view name) const noexcept {
  for (const auto& [key, value] : params)
    if (key == name) return &value;
  return nullptr;
}

std::optional<HeaderValue> parse_header_value(std::string_view text) {
  HeaderValue result;
  const std::size_t first = text.find(';');
  for (const char c : http::trim(text.substr(0, first))) result.value += http::lower(c);
  if (result.value.empty()) return std::nullopt;
  text = first == std::string_view::npos ? std::string_view() : text.substr(first);
  while (!text.empty()) {
    if (text.front() != ';') return std::nullopt;
    text = http::trim(text.substr(1));
    if (text.empty() || text.front() == ';') continue;  // an empty parameter says nothing
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos) return std::nullopt;
    const std::string_view name = http::trim(text.substr(0, equals));
    if (!http::is_token(name)) return std::nullopt;
    text = http::trim(text.substr(equals + 1));
    std::string value;
    if (!text.empty() && text.front() == '"') {
      std::optional<std::string> quoted = take_quoted(text);
      if (!quoted) return std::nullopt;
      value = std::move(*quoted);
      text = http::trim(text);
    } else {
      const std::size_t end = text.find(';');
      value = http::trim(text.substr(0, end));
      text = end == std::string_view::npos ? std::string_view() : text.substr(end);
    }
    std::string key;
    http::assign_lower(key, name);
    result.params.emplace_back(std::move(key), std::move(value));
  }
  return result;
}

std::optional<std::string> decode_extended_param(std::string_view text) {
  const std::size_t charset = text.find('\'');
  if (charset == std::string_view::npos || !http::equal_nocase(text.substr(0, charset), "utf-8")) return std::nullopt;
  const std::size_t language = text.find('\'', charset + 1);
  if (language == std::string_view::npos) return std::nullopt;
  std::optional<std::string> decoded = http::percent_decode(text.substr(language + 1));
  if (decoded && !is_utf8(*decoded)) return std::nullopt;
  return decoded;
}

}  // namespace jina::app
