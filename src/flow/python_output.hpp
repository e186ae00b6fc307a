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
    // Behind the logo comes the command, broken into lines as wide as the table; without colours it comes first.
    in_title_ = in_title_ || line.starts_with("\x1b[38;5;") || line.starts_with('/');
    if (in_title_ && lines_ <= kMost) return false;
    before_table_ = false;  // no table comes
    return true;
  }

 private:
  static constexpr int kMost = 60;
  int lines_ = 0;
  bool before_table_ = true;
  bool in_table_ = false;
  bool in_title_ = false;
};

}  // namespace jina::flow
