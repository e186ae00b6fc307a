// FlowProgress: who of a Flow is ready and who is not, and why: as a block of lines for a terminal, as single notes elsewhere.
//
// Thread: main thread. Lifetime: plain value. Cancellation: none.
#pragma once
#include <chrono>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "cli/terminal.hpp"
#include "flow/pod_progress.hpp"

namespace jina::cli {

using ProgressTime = std::chrono::steady_clock::time_point;

/// Lines without their end, none wider than `width`: a title, then a line for each process; with more than `height` lines those
/// that are ready are only counted. Empty when all are ready.
std::vector<std::string> progress_block(const std::vector<flow::PodProgress>& pods, ProgressTime now, const Style& style,
                                        std::size_t width, std::size_t height);

/// The notes for a log: each process once when it is ready, and who is missing, after five seconds and then every ten.
class ProgressNotes {
 public:
  std::vector<std::string> notes(const std::vector<flow::PodProgress>& pods, ProgressTime now);

 private:
  std::set<std::string> ready_{};
  std::optional<ProgressTime> next_{};
  bool complete_ = false;
};

}  // namespace jina::cli
