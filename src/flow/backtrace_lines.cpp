#include "flow/backtrace_lines.hpp"

#include "base/crash_handler.hpp"
#include "base/demangle.hpp"

namespace jina::flow {

// "/lib/store.so(_ZN5Store6searchEv+0x1f)[0x7f00]", "./store(+0x1f)[0x7f00]", "[0x7f00]"
std::string readable_frame(std::string_view line) {
  const auto open = line.find('(');
  const auto close = line.rfind(')');
  if (open == line.npos || close == line.npos || close < open) return std::string(line);
  auto file = line.substr(0, open);
  if (const auto slash = file.rfind('/'); slash != file.npos) file.remove_prefix(slash + 1);
  const auto inner = line.substr(open + 1, close - open - 1);
  const auto plus = inner.rfind('+');
  const std::string symbol(inner.substr(0, plus));
  const std::string offset(plus == inner.npos ? "" : inner.substr(plus));
  std::string text(file);
  return text + ": " + (symbol.empty() ? "" : demangled(symbol.c_str())) + offset;
}

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
    frames_.push_back(readable_frame(line));
  return true;
}

}  // namespace jina::flow
