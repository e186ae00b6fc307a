#include "cli/pretty_json.hpp"

#include <cctype>
#include <optional>
#include <vector>

namespace jina::cli {
namespace {

class Printer {
 public:
  Printer(std::string_view text, bool keep_null, const Style& style) : text_(text), keep_null_(keep_null), style_(style) {}

  std::optional<std::string> run() {
    auto out = value(0);
    skip_blanks();
    return ok_ && at_ == text_.size() ? std::optional(std::move(out)) : std::nullopt;
  }

 private:
  void skip_blanks() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_])) != 0) ++at_;
  }
  bool take(char wanted) {
    skip_blanks();
    if (at_ >= text_.size() || text_[at_] != wanted) return false;
    ++at_;
    return true;
  }
  std::string fail() {
    ok_ = false;
    at_ = text_.size();
    return {};
  }

  std::string_view string() {
    const auto begin = at_++;
    while (at_ < text_.size() && text_[at_] != '"') at_ += text_[at_] == '\\' ? 2 : 1;
    if (at_ >= text_.size()) return ok_ = false, std::string_view{};
    return text_.substr(begin, ++at_ - begin);
  }

  std::string value(int depth) {
    skip_blanks();
    if (at_ >= text_.size() || depth > 200) return fail();
    if (text_[at_] == '{') return members(depth);
    if (text_[at_] == '[') return items(depth);
    if (text_[at_] == '"') return std::string(string());
    const auto begin = at_;
    while (at_ < text_.size() && (std::isalnum(static_cast<unsigned char>(text_[at_])) != 0 || text_[at_] == '.' ||
                                  text_[at_] == '+' || text_[at_] == '-'))
      ++at_;
    return at_ == begin ? fail() : std::string(text_.substr(begin, at_ - begin));
  }

  std::string members(int depth) {
    take('{');
    std::vector<std::string> parts;
    bool any = false;
    while (ok_ && !take('}')) {
      if (any && !take(',')) return fail();
      any = true;
      skip_blanks();
      if (at_ >= text_.size() || text_[at_] != '"') return fail();
      const std::string key(string());
      if (!take(':')) return fail();
      auto part = value(depth + 1);
      if (keep_null_ || part != "null") parts.push_back(style_.cyan(key) + ": " + part);
    }
    return joined('{', '}', parts, depth, false);
  }

  std::string items(int depth) {
    take('[');
    std::vector<std::string> parts;
    bool any = false;
    bool scalars = true;
    while (ok_ && !take(']')) {
      if (any && !take(',')) return fail();
      any = true;
      skip_blanks();
      scalars = scalars && at_ < text_.size() && text_[at_] != '{' && text_[at_] != '[';
      parts.push_back(value(depth + 1));
    }
    // The numbers of a tensor read better in a row.
    return joined('[', ']', parts, depth, scalars);
  }

  static std::string joined(char open, char close, const std::vector<std::string>& parts, int depth, bool in_a_row) {
    std::string out(1, open);
    const std::string line = in_a_row ? "" : "\n" + std::string(static_cast<std::size_t>(depth + 1) * 2, ' ');
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if (i > 0) out += in_a_row ? ", " : ",";
      out += line + parts[i];
    }
    if (!parts.empty() && !in_a_row) out += "\n" + std::string(static_cast<std::size_t>(depth) * 2, ' ');
    return out + close;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  bool ok_ = true;
  bool keep_null_;
  const Style& style_;
};

}  // namespace

std::string pretty_json(std::string_view text, bool keep_null, const Style& style) {
  auto out = Printer(text, keep_null, style).run();
  return out ? std::move(*out) : std::string(text);
}

}  // namespace jina::cli
