// BacktraceLines: takes the backtrace that install_crash_handler() writes out of a process's error output.
//
// Thread: one. Lifetime: one per process, from its start. Cancellation: none.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace jina::flow {

class BacktraceLines {
 public:
  /// Whether the line belongs to a backtrace: then nobody else has to show it.
  bool take(std::string_view line);
  /// The frames from the innermost on, as they came; readable_frame() and named_frames() make something of them.
  const std::vector<std::string>& frames() const noexcept { return frames_; }

 private:
  bool inside_ = false;
  std::vector<std::string> frames_{};
};

/// The same with names for frames of modules that have none, by addr2line where there is one; blocks for some milliseconds.
std::vector<std::string> named_frames(const std::vector<std::string>& lines);

/// One line of backtrace_symbols_fd with the C++ name as people write it and the file without its folders.
std::string readable_frame(std::string_view line);

}  // namespace jina::flow
