// PythonOutput: what Jina's own processes write, without its logo and the table of their arguments, which come first: ninety lines
// for each Executor.
//
// Thread: one. Lifetime: one per process, counted from its start. Cancellation: none.
#pragma once
#include <string>
#include <string_view>

namespace jina::flow {

class PythonOutput {
 public:
  /// Whether `line` is worth showing; what it is padded with is taken off.
  bool take(std::string_view& line) {
    line = line.substr(0, line.find_last_not_of(" \t\r") + 1);
    if (!before_table_) return true;
    ++lines_;
    if (line.starts_with("\u2570")) {  // the table's lower left corner
      before_table_ = false;
      return false;
    }
    if (in_table_ || line.empty()) return false;
    if (line.starts_with("\u256d")) {  // its upper left
      in_table_ = true;
      return false;
    }
    const bool logo = line.starts_with("\x1b[38;5;");
    const bool title = line.find("-m jina executor") != line.npos || line.find("__main__.py executor") != line.npos;
    if (logo || title || in_title_) {
      in_title_ = in_title_ || title;  // it may be broken into several lines
      return false;
    }
    if (lines_ > kLogoLines) before_table_ = false;  // no table came
    return true;
  }

 private:
  static constexpr int kLogoLines = 30;
  int lines_ = 0;
  bool before_table_ = true;
  bool in_table_ = false;
  bool in_title_ = false;
};

}  // namespace jina::flow
