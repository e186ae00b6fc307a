// Terminal: colours where a person reads, plain text elsewhere.
//
// Thread: plain value. Lifetime: none. Cancellation: none.
#pragma once
#include <string>
#include <string_view>

namespace jina::cli {

class Style {
 public:
  /// Colours when `descriptor` is a terminal, NO_COLOR and JINA_LOG_NO_COLOR are unset and TERM is not "dumb".
  static Style of(int descriptor);
  explicit Style(bool colours = false) : colours_(colours) {}

  bool colours() const noexcept { return colours_; }
  std::string bold(std::string_view text) const { return wrap("1", text); }
  std::string dim(std::string_view text) const { return wrap("2", text); }
  std::string red(std::string_view text) const { return wrap("1;31", text); }
  std::string yellow(std::string_view text) const { return wrap("33", text); }
  std::string green(std::string_view text) const { return wrap("32", text); }
  std::string cyan(std::string_view text) const { return wrap("36", text); }
  /// One of six colours, by number: for the names of processes.
  std::string numbered(std::size_t number, std::string_view text) const;

 private:
  std::string wrap(std::string_view code, std::string_view text) const;
  bool colours_;
};

/// Whether `descriptor` is a terminal that moves its cursor when told to, with or without colours.
bool understands_cursor(int descriptor);

/// Columns of the terminal behind `descriptor`, 100 when there is none.
int terminal_width(int descriptor);

}  // namespace jina::cli
