// load_module: user code into the process: a shared object, or a .cpp that is compiled first (and kept, by content).
//
// The program must export its symbols (ENABLE_EXPORTS in CMake) and hold all of the library (jina_exports in CMake): modules are
// linked against nothing and find what they call in the program.
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
  std::vector<std::string> flags{};     ///< added to the compiler's command line
  std::vector<std::string> packages{};  ///< pkg-config names, for flags and libraries
  std::filesystem::path cache{};        ///< empty: $XDG_CACHE_HOME/jina/modules or ~/.cache/jina/modules
  std::filesystem::path include{};  ///< the folder with jina/executor.hpp; empty: ../include of the program, else the source tree's
  std::function<void(const std::string&)> on_progress{};  ///< "compiling upper.cpp ...", and the compiler's warnings
  /// Gets the message when a module's static initialiser throws or ends the process: there is no way back then, and after this
  /// call the process ends with exit code 1. Empty: it goes to standard error.
  std::function<void(const std::string&)> on_fatal{};
};

/// Loads `path` (.so or .cpp) and lets it add its classes to `registry`. The error names the file and what to do: not found, does
/// not compile (with the compiler's own words), cut short, built for another machine or against another version, no JINA_MODULE, a
/// missing symbol or library, an exception while it registers.
Status load_module(const std::filesystem::path& path, Registry& registry, const ModuleOptions& options = {});

}  // namespace jina
