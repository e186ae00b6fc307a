// load_module: user code into the process: a shared object, or a .cpp that is compiled first (and kept, by content).
//
// Thread: one at a time. Lifetime: modules stay loaded until the process ends. Cancellation: none; compiling takes seconds.
#pragma once
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "jina/registry.hpp"
#include "jina/status.hpp"

namespace jina {

struct ModuleOptions {
  std::vector<std::string> flags{};         ///< added to the compiler's command line
  std::vector<std::string> packages{};      ///< pkg-config names, for flags and libraries
  std::filesystem::path cache{};            ///< empty: $XDG_CACHE_HOME/jina/modules or ~/.cache/jina/modules
  std::function<void(const std::string&)> on_progress{};  ///< "compiling upper.cpp"
};

/// Loads `path` (.so or .cpp) and lets it add its classes to `registry`. The error names the file and what to do: not found, does
/// not compile (with the compiler's own words), built against another version, no JINA_MODULE, a missing symbol.
Status load_module(const std::filesystem::path& path, Registry& registry, const ModuleOptions& options = {});

}  // namespace jina
