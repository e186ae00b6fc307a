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
  /// The frames from the innermost on, readable: "store.so: Store::search(...)+0x1f".
  const std::vector<std::string>& frames() const noexcept { return frames_; }

 private:
  bool inside_ = false;
  std::vector<std::string> frames_{};
};

/// One line of backtrace_symbols_fd with the C++ name as people write it and the file without its folders.
std::string readable_frame(std::string_view line);

}  // namespace jina::flow
