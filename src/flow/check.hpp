// check_flow(): what would go wrong when a Flow starts, as far as it can be known without starting anything: missing files, classes
// and interpreters, ports that are taken, arguments that a class does not have, conditions that mean nothing.
//
// Thread: reads files, tries ports, asks interpreters; for start-up. Lifetime: none. Cancellation: none.
#pragma once
#include <functional>
#include <optional>

#include "config/diagnostics.hpp"
#include "flow/check_sources.hpp"
#include "flow/file_search.hpp"
#include "flow/flow_spec.hpp"

namespace jina::flow {

struct CheckOptions {
  std::string python{};  ///< of --python
  bool ports = true;     ///< whether to try those that are given
  /// What a compiled module of a class has, whose `uses`, modules and options these are; nothing when it is not compiled.
  std::function<std::optional<SourceClasses>(const std::filesystem::path& module, const UsedFiles& used,
                                             const config::OptionBag& options)>
      compiled{};
  config::Diagnostics* notes = nullptr;  ///< gets what can not be checked; null: nobody is told
};

void check_flow(const FlowSpec& flow, config::Diagnostics& diagnostics, const CheckOptions& options = {});

/// A YAML of a class alone, `what` "Executor" or "gateway": its keys, files, class and arguments. `with`: laid over its own.
void check_class_file(const std::filesystem::path& path, const std::string& what, config::Diagnostics& diagnostics,
                      const CheckOptions& options = {}, const std::vector<std::string>& search_paths = {});

}  // namespace jina::flow
