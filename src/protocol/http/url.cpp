#include "protocol/http/url.hpp"

#include <algorithm>

namespace jina::http {
namespace {

int hex_value(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool unreserved(char c) noexcept {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '.' || c == '_' || c == '~';
}

}  // namespace

std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space) {
  std::string out(text.size(), '\0');
  char* to = out.data();
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      if (text.size() - i < 3) return std::nullopt;
      const int high = hex_value(text[i + 1]), low = hex_value(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      *to++ = static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      *to++ = text[i] == '+' && plus_is_space ? ' ' : text[i];
    }
  }
  out.resize(static_cast<std::size_t>(to - out.data()));
  return out;
}

std::string percent_encode(std::string_view text) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (unreserved(c)) {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
    }
  }
  return out;
}

bool split_target(std::string_view target, std::string& path, std::string& query) {
  if (const auto fragment = target.find('#'); fragment != std::string_view::npos) target = target.substr(0, fragment);
  const auto question = target.find('?');
  query.assign(question == std::string_view::npos ? std::string_view() : target.substr(question + 1));
  target = target.substr(0, question);
  if (target.empty() || (target[0] != '/' && target != "*")) return false;
  if (target.find('%') == std::string_view::npos) {
    path.assign(target);
    return true;
  }
  std::optional<std::string> decoded = percent_decode(target);
  if (!decoded || decoded->find('\0') != std::string::npos) return false;
  path = *std::move(decoded);
  return true;
}

Query parse_query(std::string_view query) {
  Query pairs;
  pairs.reserve(1 + static_cast<std::size_t>(std::count(query.begin(), query.end(), '&')));
  const auto decode = [](std::string_view text, std::string& to) {
    const auto is_plain = [](char c) { return c != '%' && c != '+'; };  // most are
    if (std::all_of(text.begin(), text.end(), is_plain)) {
      to.assign(text);
    } else if (std::optional<std::string> decoded = percent_decode(text, true)) {
      to = *std::move(decoded);
    } else {
      to.assign(text);
    }
  };
  while (!query.empty()) {
    const auto end = query.find('&');
    const std::string_view pair = query.substr(0, end);
    query = end == std::string_view::npos ? std::string_view() : query.substr(end + 1);
    if (pair.empty()) continue;
    const auto equals = pair.find('=');
    auto& [name, value] = pairs.emplace_back();
    decode(pair.substr(0, equals), name);
    if (equals != std::string_view::npos) decode(pair.substr(equals + 1), value);
  }
  return pairs;
}

const std::string* find_query(const Query& query, std::string_view name) noexcept {
  for (auto pair = query.rbegin(); pair != query.rend(); ++pair)
    if (pair->first == name) return &pair->second;
  return nullptr;
}

}  // namespace jina::http
