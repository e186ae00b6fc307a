#include "document/json/python_json_error.hpp"

namespace jina::json {
namespace {

constexpr int kMostDepth = 900;  // about where Python's recursion ends

// Walks the text by Python's grammar; the first offence stays in error_ and at_.
class Walker {
 public:
  explicit Walker(std::string_view text) : text_(text) {}

  bool run() {
    space();
    if (!value(0)) return false;
    space();
    return at_ == text_.size() || fail("Extra data", at_);
  }
  std::string error;
  std::size_t error_at = 0;

 private:
  bool fail(std::string message, std::size_t at) {
    error = std::move(message);
    error_at = at;
    return false;
  }
  bool more() const { return at_ < text_.size(); }
  char peek() const { return text_[at_]; }
  void space() {
    while (more() && (peek() == ' ' || peek() == '\t' || peek() == '\n' || peek() == '\r')) ++at_;
  }
  bool word(std::string_view expected) {
    if (!text_.substr(at_).starts_with(expected)) return false;
    at_ += expected.size();
    return true;
  }

  bool value(int depth) {
    if (depth > kMostDepth) return fail("Too many nested values", at_);
    if (!more()) return fail("Expecting value", at_);
    switch (peek()) {
      case '"': return string();
      case '{': return object(depth);
      case '[': return array(depth);
      default: break;
    }
    for (const std::string_view literal : {"null", "true", "false", "NaN", "Infinity", "-Infinity"})
      if (word(literal)) return true;
    return number() || fail("Expecting value", at_);
  }

  bool number() {
    std::size_t at = at_;
    const auto digit = [&] { return at < text_.size() && text_[at] >= '0' && text_[at] <= '9'; };
    if (at < text_.size() && text_[at] == '-') ++at;
    if (!digit()) return false;
    if (text_[at] == '0') {
      ++at;
    } else {
      while (digit()) ++at;
    }
    // A broken fraction or exponent ends the number before it, as in Python: the rest is then extra data.
    const std::size_t whole = at;
    if (at < text_.size() && text_[at] == '.') {
      ++at;
      if (!digit()) {
        at = whole;
      } else {
        while (digit()) ++at;
      }
    }
    const std::size_t mantissa = at;
    if (at < text_.size() && (text_[at] == 'e' || text_[at] == 'E')) {
      ++at;
      if (at < text_.size() && (text_[at] == '+' || text_[at] == '-')) ++at;
      if (!digit()) {
        at = mantissa;
      } else {
        while (digit()) ++at;
      }
    }
    at_ = at;
    return true;
  }

  bool string() {
    const std::size_t begin = at_++;
    for (;;) {
      if (!more()) return fail("Unterminated string starting at", begin);
      const char c = text_[at_];
      if (c == '"') {
        ++at_;
        return true;
      }
      if (static_cast<unsigned char>(c) < 0x20) return fail("Invalid control character at", at_);
      if (c != '\\') {
        ++at_;
        continue;
      }
      if (at_ + 1 >= text_.size()) return fail("Unterminated string starting at", begin);
      const char escaped = text_[at_ + 1];
      if (escaped == 'u') {
        for (std::size_t i = 2; i < 6; ++i) {
          const char digit = at_ + i < text_.size() ? text_[at_ + i] : '\0';
          const bool hex = (digit >= '0' && digit <= '9') || (digit >= 'a' && digit <= 'f') || (digit >= 'A' && digit <= 'F');
          if (!hex) return fail("Invalid \\uXXXX escape", at_ + 1);
        }
        at_ += 6;
      } else if (std::string_view("\"\\/bfnrt").find(escaped) != std::string_view::npos) {
        at_ += 2;
      } else {
        return fail("Invalid \\escape", at_);
      }
    }
  }

  bool object(int depth) {
    ++at_;
    space();
    if (more() && peek() == '}') {
      ++at_;
      return true;
    }
    for (;;) {
      if (!more() || peek() != '"') return fail("Expecting property name enclosed in double quotes", at_);
      if (!string()) return false;
      space();
      if (!more() || peek() != ':') return fail("Expecting ':' delimiter", at_);
      ++at_;
      space();
      if (!value(depth + 1)) return false;
      space();
      if (more() && peek() == '}') {
        ++at_;
        return true;
      }
      if (!more() || peek() != ',') return fail("Expecting ',' delimiter", at_);
      ++at_;
      space();
    }
  }

  bool array(int depth) {
    ++at_;
    space();
    if (more() && peek() == ']') {
      ++at_;
      return true;
    }
    for (;;) {
      if (!value(depth + 1)) return false;
      space();
      if (more() && peek() == ']') {
        ++at_;
        return true;
      }
      if (!more() || peek() != ',') return fail("Expecting ',' delimiter", at_);
      ++at_;
      space();
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

bool continues(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

}  // namespace

std::optional<PythonJsonError> find_python_json_error(std::string_view text) {
  Walker walker(text);
  if (walker.run()) return std::nullopt;
  PythonJsonError error{std::move(walker.error), 0, 1, 1};
  for (std::size_t i = 0; i < walker.error_at; ++i) {
    if (continues(text[i])) continue;
    ++error.position;
    if (text[i] == '\n') {
      ++error.line;
      error.column = 1;
    } else {
      ++error.column;
    }
  }
  return error;
}

}  // namespace jina::json
