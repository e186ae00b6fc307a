// ModuleJobs: the .cpp modules of a Flow, or of what a `uses` names, each with how it is compiled where it is used.
//
// Thread: reads files, for start-up. Lifetime: refers to the console. Cancellation: none.
#pragma once
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "cli/command.hpp"
#include "config/option.hpp"
#include "flow/flow_spec.hpp"
#include "jina/status.hpp"
#include "module/module_loader.hpp"

namespace jina::cli {

struct ModuleJob {
  std::filesystem::path source;
  ModuleOptions options;
};

class ModuleJobs {
 public:
  /// `command` is named when a module ends the process.
  ModuleJobs(const Console& console, std::string command) : console_(console), command_(std::move(command)) {}

  /// The modules of a class: of `uses` (a .cpp, a class's YAML), and `modules`. `what`: "Executor" or "gateway".
  Status add(const std::string& uses, const std::vector<std::string>& modules, const std::string& what,
             const config::OptionBag& bag);
  /// Those of the gateway and the Executors. `on_python` gets the name of each that is Python, and its file.
  Status add(const flow::FlowSpec& flow, const std::function<void(const std::string&, const std::string&)>& on_python = {});

  std::vector<ModuleJob> all{};

 private:
  const Console& console_;
  std::string command_;
};

}  // namespace jina::cli
