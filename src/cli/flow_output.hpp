// FlowOutput: what `jina flow` prints: the lines of the processes behind their names, notes, failures, who is ready, and the table
// of endpoints.
//
// On a terminal a block of lines at the bottom says who is not ready and why, until all are; what is printed goes above it.
//
// Thread: main thread. Lifetime: refers to the console. Cancellation: none.
#pragma once
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "cli/command.hpp"
#include "cli/flow_progress.hpp"
#include "flow/crash_report.hpp"
#include "flow/launch_plan.hpp"

namespace jina::cli {

class FlowOutput {
 public:
  /// `live`: err is a terminal that understands cursor movements.
  FlowOutput(Console& console, const flow::LaunchPlan& plan, bool live = false);

  void line(const std::string& pod, bool error, std::string_view text);
  void note(std::string_view text);
  void progress(const std::vector<flow::PodProgress>& pods, ProgressTime now = std::chrono::steady_clock::now());
  /// A process failed and comes back.
  void crash(const flow::CrashReport& report);
  /// The Flow ends with it.
  void failure(const flow::CrashReport& report);
  void ready(const std::vector<flow::EndpointRow>& rows);

 private:
  /// `write` prints whole lines; the block is taken away before and comes back behind them.
  void above_block(const std::function<void()>& write);
  void draw(std::vector<std::string> block);
  void tell(const flow::CrashReport& report);

  Console& console_;
  bool live_;
  std::size_t name_width_ = 4;
  std::map<std::string, std::size_t> numbers_;
  std::deque<std::string> printed_;  // the last lines of the processes
  std::vector<std::string> block_;   // what stands at the bottom
  ProgressNotes notes_;
};

/// The table as text: name, protocol, address, docs.
std::string endpoint_table(const std::vector<flow::EndpointRow>& rows, const Style& style);

}  // namespace jina::cli
