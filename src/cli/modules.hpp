// What gateway_command and executor_command share: modules into a registry, environment variables from --env.
//
// Thread: main thread, at start. Lifetime: none. Cancellation: none.
#pragma once
#include <boost/json/object.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "cli/command.hpp"
#include "config/option.hpp"
#include "config/uses_config.hpp"
#include "jina/registry.hpp"
#include "jina/status.hpp"
#include "module/module_loader.hpp"

namespace jina::cli {

/// Loads the modules in order, telling the log what takes time. The classes of `kind` ("Executor", "Gateway") that they added.
Result<std::vector<std::string>> load_modules(const std::vector<std::filesystem::path>& modules, Registry& registry,
                                              const std::string& kind, ModuleOptions options = {});
/// How they are compiled: what the YAML says, then what the command line adds. `command` is named when a module ends the process.
ModuleOptions module_options(const Console& console, const std::string& command, const config::UsesConfig& uses,
                             const config::OptionBag& options);
/// The single one of `classes`, or an error that says how to choose.
Result<std::string> only_class(const std::vector<std::string>& classes, const std::string& what);
/// Whether the class has the arguments that the YAML gives it; a wrong one is told with its line. Of classes that take JSON as it
/// is nothing is known.
Status check_argument_names(const config::UsesConfig& uses, const Registry& registry, const std::string& kind);
void set_environment(const boost::json::object& variables);

}  // namespace jina::cli
