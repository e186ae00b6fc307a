// CrashReport: how and why a process of a Flow ended although nobody asked it to, for the terminal and for a file.
//
// Thread: plain value; writing blocks on a small file. Lifetime: owns everything. Cancellation: none.
#pragma once
#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "flow/process.hpp"

namespace jina::flow {

struct CrashReport {
  std::string pod{};
  std::string sentence{};                  ///< "upper/rep-0 was killed by signal 11 (Segmentation fault)"
  std::string next{};                      ///< what happens now: "it is started again at once (restart 1)"
  std::vector<std::string> hints{};        ///< why that may be, and what to do
  std::vector<std::string> last_errors{};  ///< the last lines of its error output
  std::vector<std::string> backtrace{};    ///< innermost first; of our own processes
  std::string command{};
  pid_t pid = -1;
  ExitState state{};
  std::chrono::milliseconds uptime{0};
  bool crash = true;             ///< false: the process said all there is to say, so that nothing is kept in a file
  std::filesystem::path file{};  ///< where it was written; empty: nowhere
};

/// What is known about an end like this; `oom_kills`: how many processes the kernel killed for lack of memory meanwhile.
std::vector<std::string> hints_for(const ExitState& state, std::uint64_t oom_kills);

/// So many processes the kernel has killed for lack of memory since it runs; 0 where it does not say.
std::uint64_t count_oom_kills();

std::string to_text(const CrashReport& report);

/// Writes it to a file of its own in `folder`, which is made, and sets `report.file`. The error says what is in the way.
Status write_crash_report(CrashReport& report, const std::filesystem::path& folder);

}  // namespace jina::flow
