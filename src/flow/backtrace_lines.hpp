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
  /// The frames from the innermost on, as they came; named_frames() makes something of them.
  const std::vector<std::string>& frames() const noexcept { return frames_; }

 private:
  bool inside_ = false;
  std::vector<std::string> frames_{};
};

}  // namespace jina::flow
