// What `jina flow` and `jina check` have in common: a Flow's file read and checked, so that both refuse the same in the same words.
//
// Thread: main thread, for start-up. Lifetime: plain values. Cancellation: none.
#pragma once
#include <optional>
#include <string>

#include "cli/command.hpp"
#include "config/diagnostics.hpp"
#include "flow/check.hpp"
#include "flow/flow_spec.hpp"

namespace jina::cli {

struct CheckedFlow {
  std::optional<flow::FlowSpec> flow{};  ///< nothing when the file can not be read as one
  config::Diagnostics found{};
  config::Diagnostics notes{};  ///< what could not be checked, which is nothing wrong
};

/// The file alone, with what the command's options say of it: inspect.
std::optional<flow::FlowSpec> read_flow(const std::string& file, const config::OptionBag& options, config::Diagnostics& found);

/// `options` are those of the command: env (also set for this process), inspect, python. `ports`: whether to try those that are
/// given, which is no use while the Flow that has them runs.
CheckedFlow read_and_check_flow(const std::string& file, const config::OptionBag& options, bool ports = true);

/// A YAML with `jtype: Deployment`: checked as the only item of a Flow.
CheckedFlow read_and_check_deployment(const std::string& file, const config::OptionBag& options);

/// A YAML of a class alone; `what`: "Executor" or "gateway".
CheckedFlow check_class_of(const std::string& file, const std::string& what);

/// The arguments that both commands have.
void add_flow_file_options(config::OptionSet& set, const char* group);

}  // namespace jina::cli
