#include "cli/terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include "config/environment.hpp"

namespace jina::cli {

Style Style::of(int descriptor) {
  using config::environment_value;
  const std::string term = environment_value("TERM");
  const bool plain = !environment_value("NO_COLOR").empty() || !environment_value("JINA_LOG_NO_COLOR").empty() || term.empty() ||
                     term == "dumb" || ::isatty(descriptor) == 0;
  return Style(!plain);
}

std::string Style::wrap(std::string_view code, std::string_view text) const {
  if (!colours_) return std::string(text);
  return "\x1b[" + std::string(code) + "m" + std::string(text) + "\x1b[0m";
}

std::string Style::numbered(std::size_t number, std::string_view text) const {
  constexpr std::string_view kCodes[] = {"36", "35", "32", "34", "33", "96"};
  return wrap(kCodes[number % std::size(kCodes)], text);
}

bool understands_cursor(int descriptor) {
  const std::string term = config::environment_value("TERM");
  return !term.empty() && term != "dumb" && ::isatty(descriptor) != 0;
}

int terminal_width(int descriptor) {
  winsize size{};
  if (::ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col < 40) return 100;
  return size.ws_col > 140 ? 140 : size.ws_col;
}

}  // namespace jina::cli
