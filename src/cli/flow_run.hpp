// FlowRun: a Flow from its file to the end of its processes, again and again with --reload.
//
// Thread: main thread. Lifetime: refers to console and options. Cancellation: SIGINT, SIGTERM.
#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "cli/command.hpp"
#include "cli/module_jobs.hpp"
#include "flow/flow_spec.hpp"
#include "flow/launcher.hpp"

namespace jina::cli {

class FlowRun {
 public:
  /// `options`: of `jina flow`.
  FlowRun(Console& console, std::string file, const config::OptionBag& options);
  /// The exit code of the command.
  int run();

 private:
  std::optional<flow::FlowSpec> read();
  bool launch(const flow::FlowSpec& flow);
  std::optional<std::vector<ModuleJob>> changed_modules();
  int wait_for_change();
  void note(const std::string& text) const;

  Console& console_;
  std::string file_;
  const config::OptionBag& options_;
  bool reload_;
  std::vector<std::filesystem::path> files_{};  // that the Flow is made of
  std::vector<std::uint16_t> gateway_ports_{};  // of the run before
  flow::FlowEnd end_ = flow::FlowEnd::kFailed;
  int signal_ = 0;
};

}  // namespace jina::cli
