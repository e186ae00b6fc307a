#include "flow/backtrace_lines.hpp"

#include "base/crash_handler.hpp"

namespace jina::flow {

bool BacktraceLines::take(std::string_view line) {
  constexpr std::size_t kMost = 48;
  if (line.find(kBacktraceBegin) != line.npos) {  // behind half a line, perhaps
    inside_ = true;
    frames_.clear();
    return true;
  }
  if (!inside_) return false;
  if (line.starts_with(kBacktraceEnd)) {
    inside_ = false;
    return true;
  }
  // The handler itself is not what anybody looks for.
  if (frames_.size() < kMost && line.find("jina_crash_handler") == line.npos && line.find("__restore_rt") == line.npos)
    frames_.emplace_back(line);
  return true;
}

}  // namespace jina::flow
