#include "flow/crash_report.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <signal.h>

#include <algorithm>
#include <fstream>

namespace jina::flow {

std::vector<std::string> hints_for(const ExitState& state, std::uint64_t oom_kills) {
  std::vector<std::string> hints;
  const std::string memory = fmt::format("it had used up to {} MB", state.peak_memory / (1024 * 1024));
  switch (state.signal) {
    case SIGKILL:
      if (state.ours) break;
      hints.push_back(oom_kills > 0
                          ? "the kernel killed a process for lack of memory at that time, most probably this one; " + memory
                          : "nobody here sent that signal: it was somebody's 'kill -9', or the kernel's for lack of memory; " +
                                memory);
      hints.push_back(
          "'dmesg | grep -i oom' says whether memory was the reason; then give it more (docker: --memory, Kubernetes: "
          "resources.limits.memory), or make it need less");
      break;
    case SIGILL: hints.push_back("code that was compiled for another CPU ends so, too (-march=native)"); break;
    case SIGBUS: hints.push_back("a file that was cut while it was mapped, or a full /dev/shm, ends so, too"); break;
    case SIGABRT: hints.push_back("abort() was called: an exception that nobody caught, a failed assert, a corrupt heap"); break;
    case SIGSEGV:
      hints.push_back(
          "build the module with -g to read lines in a debugger: gdb -p PID, or 'coredumpctl debug' where cores are kept");
      break;
    default: break;
  }
  return hints;
}

std::uint64_t count_oom_kills() {
  std::ifstream file("/proc/vmstat");
  std::string name;
  std::uint64_t value = 0;
  while (file >> name >> value)
    if (name == "oom_kill") return value;
  return 0;
}

std::string to_text(const CrashReport& report) {
  std::string text = report.sentence + "\n";
  text += fmt::format("  process {} lived for {:.1f} s: {}\n", report.pid, static_cast<double>(report.uptime.count()) / 1000,
                      report.command);
  if (report.state.peak_memory > 0) text += fmt::format("  most memory: {} MB\n", report.state.peak_memory / (1024 * 1024));
  if (!report.next.empty()) text += "  " + report.next + "\n";
  for (const auto& hint : report.hints) text += "  " + hint + "\n";
  const auto section = [&](const char* title, const std::vector<std::string>& lines, bool numbered) {
    if (lines.empty()) return;
    text += fmt::format("\n{}:\n", title);
    for (std::size_t i = 0; i < lines.size(); ++i)
      text += numbered ? fmt::format("  #{:<2} {}\n", i, lines[i]) : "  " + lines[i] + "\n";
  };
  section("where it was", report.backtrace, true);
  section("the last lines of its error output", report.last_errors, false);
  return text;
}

Status write_crash_report(CrashReport& report, const std::filesystem::path& folder) {
  std::string name = report.pod;
  std::replace(name.begin(), name.end(), '/', '-');
  const auto now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  const auto path = folder / fmt::format("{}-{:%Y%m%d-%H%M%S}-{}.txt", name, fmt::localtime(now), report.pid);
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return {StatusCode::kUnavailable, "cannot make the folder " + folder.string() + ": " + error.message()};
  std::ofstream file(path);
  file << to_text(report);
  if (!file.flush()) return {StatusCode::kUnavailable, "cannot write " + path.string()};
  report.file = path;
  return {};
}

}  // namespace jina::flow
