#include "app/forms/cookies.hpp"

#include "protocol/http/syntax.hpp"

namespace jina::app {
namespace {

bool is_octal(char c) noexcept { return c >= '0' && c <= '7'; }

// What a cookie library wrote in quotes: \" \\ and \ooo for other bytes.
std::string unquote(std::string_view text) {
  if (text.size() < 2 || text.front() != '"' || text.back() != '"') return std::string(text);
  text = text.substr(1, text.size() - 2);
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '\\' || at + 1 == text.size()) {
      out += text[at];
    } else if (text.size() - at > 3 && text[at + 1] <= '3' && is_octal(text[at + 1]) && is_octal(text[at + 2]) &&
               is_octal(text[at + 3])) {
      out += static_cast<char>((text[at + 1] - '0') * 64 + (text[at + 2] - '0') * 8 + (text[at + 3] - '0'));
      at += 3;
    } else {
      out += text[++at];
    }
  }
  return out;
}

}  // namespace

void parse_cookies(std::string_view header, TextPairs& out) {
  while (!header.empty()) {
    const std::size_t end = header.find(';');
    const std::string_view piece = header.substr(0, end);
    header = end == std::string_view::npos ? std::string_view() : header.substr(end + 1);
    const std::size_t equals = piece.find('=');
    const std::string_view name = equals == std::string_view::npos ? std::string_view() : http::trim(piece.substr(0, equals));
    const std::string_view value = http::trim(equals == std::string_view::npos ? piece : piece.substr(equals + 1));
    if (!name.empty() || !value.empty()) out.emplace_back(std::string(name), unquote(value));
  }
}

TextPairs cookies_of(const Metadata& headers) {
  TextPairs pairs;
  for (const auto& [name, value] : headers)
    if (name == "cookie") parse_cookies(value, pairs);
  return pairs;
}

}  // namespace jina::app
