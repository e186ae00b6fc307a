#include "flow/backtrace_lines.hpp"

#include <fmt/format.h>

#include <cstdlib>

#include "base/crash_handler.hpp"
#include "base/demangle.hpp"
#include "base/subprocess.hpp"

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

namespace {

/// "0x6280" of "/cache/store.so(+0x6280)[0x7f00]"; empty when it has a name or belongs to the system. `returns`: of the call before
/// it, which may be the last of its function.
std::string nameless_offset(std::string_view line, bool returns) {
  const auto open = line.find("(+0x");
  const auto close = line.find(')', open);
  if (open == line.npos || close == line.npos || line.starts_with("/lib") || line.starts_with("/usr/lib")) return {};
  if (line.substr(0, open).find(".so") == line.npos) return {};
  const std::string hex(line.substr(open + 2, close - open - 2));
  return fmt::format("{:#x}", std::strtoull(hex.c_str(), nullptr, 16) - (returns ? 1 : 0));
}

}  // namespace

std::vector<std::string> named_frames(const std::vector<std::string>& lines) {
  std::vector<std::string> frames;
  const std::string tool = find_program("addr2line");
  for (const auto& line : lines) {
    frames.push_back(readable_frame(line));
    const auto offset = nameless_offset(line, frames.size() > 2);  // after the handler's frame comes what crashed
    if (tool.empty() || offset.empty()) continue;
    const auto answer = run_command({tool, "-Cfpe", line.substr(0, line.find('(')), offset});
    const std::string name = answer.output.substr(0, answer.output.find('\n'));
    if (answer.exit_code != 0 || name.empty() || name.starts_with("??")) continue;
    frames.back() =
        frames.back().substr(0, frames.back().find(": ") + 2) + (name.ends_with(":?") ? name.substr(0, name.rfind(" at ")) : name);
  }
  return frames;
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
    frames_.emplace_back(line);
  return true;
}

}  // namespace jina::flow
