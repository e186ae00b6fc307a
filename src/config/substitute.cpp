#include "config/substitute.hpp"

#include <algorithm>
#include <cctype>
#include <cstdlib>

#include "config/scalar.hpp"

namespace jina::config {
namespace {

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }
bool is_word(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return is_word(c); });
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

/// The name behind `prefix` in either case ("ENV.", "env."), or nothing.
std::optional<std::string_view> after(std::string_view text, std::string_view upper, std::string_view lower) {
  if (text.starts_with(upper)) return text.substr(upper.size());
  if (text.starts_with(lower)) return text.substr(lower.size());
  return std::nullopt;
}

class Substitution {
 public:
  Substitution(Node& root, const SubstituteOptions& options) : root_(root), options_(options) {}

  Status run() {
    auto status = walk(root_, nullptr, false);
    // A reference may lead to a text that holds a reference: Jina resolves three levels.
    for (int pass = 0; pass < 3 && status.ok(); ++pass) {
      snapshot_ = root_;
      status = walk(root_, &snapshot_, true);
    }
    return status;
  }

 private:
  /// `self` is the container that ${{this...}} refers to, in the snapshot when references are resolved.
  Status walk(Node& node, const Node* self, bool references) {
    if (node.is_list()) {
      for (std::size_t i = 0; i < node.items.size(); ++i)
        if (auto s = visit(node.items[i], self, self == nullptr ? nullptr : &self->items[i], references); !s.ok()) return s;
    }
    for (std::size_t i = 0; i < node.entries.size(); ++i)
      if (auto s = visit(node.entries[i].value, self, self == nullptr ? nullptr : &self->entries[i].value, references); !s.ok())
        return s;
    return {};
  }

  Status visit(Node& child, const Node* self, const Node* child_self, bool references) {
    if (!child.is_scalar()) return walk(child, child_self, references);
    if (!child.is_text()) return {};
    auto text = references ? with_references(child.text, child.position, self)
                           : Result<std::string>(with_variables(child.text, child.position));
    if (!text) return text.error();
    child = retype(*text, child.position);
    return {};
  }

  /// The text before the next "${{ ... }}", then that itself; nothing when there is none, which leaves `rest` as it is.
  struct Braces {
    std::string_view before;
    std::string_view whole;
    std::string_view inner;  // trimmed
  };
  static std::optional<Braces> next_braces(std::string_view& rest) {
    const auto open = rest.find("${{");
    const auto close = open == rest.npos ? rest.npos : rest.find("}}", open);
    if (close == rest.npos) return std::nullopt;
    Braces found{rest.substr(0, open), rest.substr(open, close + 2 - open), {}};
    found.inner = trim(found.whole.substr(3, found.whole.size() - 5));
    rest.remove_prefix(close + 2);
    return found;
  }

  std::string with_variables(const std::string& text, Position position) {
    std::string out;
    std::string_view rest = text;
    while (const auto found = next_braces(rest)) {
      const auto& [before, whole, name] = *found;
      out += expand_plain(before, position);
      const bool spaced = whole.size() > 5 && whole[3] == ' ';
      if (const auto env = after(name, "ENV.", "env."); env && spaced && is_word(*env)) {
        out += environment(std::string(*env), "$" + std::string(*env), position);
      } else if (const auto context = after(name, "CONTEXT.", "context."); context && is_word(*context)) {
        out += from_context(std::string(*context), position);
      } else if (spaced && is_word(name)) {
        out += from_context(std::string(name), position);
      } else {
        out += whole;  // a reference, or no variable at all
      }
    }
    out += expand_plain(rest, position);
    return out;
  }

  std::string environment(const std::string& name, std::string otherwise, Position position) {
    if (auto value = options_.environment(name)) return *value;
    warn(position, "the environment variable " + name + " is not set");
    return otherwise;
  }

  std::string from_context(const std::string& name, Position position) {
    const auto found = options_.context.find(name);
    if (found != options_.context.end()) return found->second;
    warn(position, "the context variable " + name + " is not given");
    return "$$" + name;
  }

  /// $X and ${X}; what is not set stays, without a warning: `$` is an ordinary character in many texts.
  std::string expand_plain(std::string_view text, Position) const {
    std::string out;
    for (std::size_t i = 0; i < text.size();) {
      std::size_t end = i + 1;
      std::string name;
      if (text[i] == '$' && end < text.size()) {
        if (text[end] == '{') {
          const auto close = text.find('}', end);
          if (close != text.npos) {
            name = std::string(text.substr(end + 1, close - end - 1));
            end = close + 1;
          }
        } else {
          while (end < text.size() && is_word(text[end])) ++end;
          name = std::string(text.substr(i + 1, end - i - 1));
        }
      }
      const auto value = name.empty() ? std::nullopt : options_.environment(name);
      if (value) {
        out += *value;
        i = end;
      } else {
        out += text[i++];
      }
    }
    return out;
  }

  Result<std::string> with_references(const std::string& text, Position position, const Node* self) {
    std::string out;
    std::string_view rest = text;
    while (const auto found = next_braces(rest)) {
      out += found->before;
      auto value = reference(found->inner, found->whole, position, self);
      if (!value) return value.error();
      out += *value;
    }
    out += rest;
    return out;
  }

  Result<std::string> reference(std::string_view path, std::string_view whole, Position position, const Node* self) {
    if (const auto env = after(path, "ENV.", "env."); env && is_word(*env))
      return environment(std::string(*env), "$" + std::string(*env), position);
    const Node* node = path.starts_with("root") ? &snapshot_ : path.starts_with("this") ? self : nullptr;
    if (node == nullptr) return std::string(whole);
    std::string_view rest = path.substr(4);
    if (!rest.empty() && rest.front() != '.' && rest.front() != '[') return std::string(whole);
    while (!rest.empty() && node != nullptr) {
      if (rest.front() == '.') {
        const auto end = std::min(rest.find_first_of(".[", 1), rest.size());
        node = node->find(rest.substr(1, end - 1));
        rest.remove_prefix(end);
      } else if (rest.front() == '[' && rest.find(']') != rest.npos) {
        const auto end = rest.find(']');
        const auto index = parse_integer(rest.substr(1, end - 1));
        const bool there = index && *index >= 0 && static_cast<std::size_t>(*index) < node->items.size();
        node = there ? &node->items[static_cast<std::size_t>(*index)] : nullptr;
        rest.remove_prefix(end + 1);
      } else {
        node = nullptr;
      }
    }
    if (node == nullptr)
      return error_at(options_.source, position, std::string(whole) + " refers to a value that is not in this file");
    if (!node->is_scalar())
      return error_at(options_.source, position,
                      std::string(whole) + " refers to " + std::string(describe(node->kind)) + "; it must be a single value");
    return node->to_text();
  }

  void warn(Position position, const std::string& message) {
    if (options_.warnings != nullptr) options_.warnings->push_back(place(options_.source, position, message));
  }

  Node& root_;
  const SubstituteOptions& options_;
  Node snapshot_;
};

}  // namespace

std::optional<std::string> environment_variable(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

Status substitute(Node& root, const SubstituteOptions& options) { return Substitution(root, options).run(); }

}  // namespace jina::config
