// FlowOutput: what `jina flow` prints: the lines of the processes behind their names, notes, failures, and the table of endpoints.
//
// Thread: main thread. Lifetime: refers to the console. Cancellation: none.
#pragma once
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "cli/command.hpp"
#include "flow/launch_plan.hpp"

namespace jina::cli {

class FlowOutput {
 public:
  FlowOutput(Console& console, const flow::LaunchPlan& plan);

  void line(const std::string& pod, bool error, std::string_view text);
  void note(std::string_view text);
  /// `last_errors` are repeated, unless they are the last that was printed: what a compiler says is long enough once.
  void failure(std::string_view sentence, const std::vector<std::string>& last_errors);
  void ready(const std::vector<flow::EndpointRow>& rows);

 private:
  Console& console_;
  std::size_t name_width_ = 4;
  std::map<std::string, std::size_t> numbers_;
  std::deque<std::string> printed_;  // the last lines of the processes
};

/// The table as text: name, protocol, address, docs.
std::string endpoint_table(const std::vector<flow::EndpointRow>& rows, const Style& style);

}  // namespace jina::cli
