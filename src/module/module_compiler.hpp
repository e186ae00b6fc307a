// compile_module: a .cpp into a shared object of the cache, unless the same one is there.
//
// Thread: one at a time in a process; processes wait for each other by a lock file. Lifetime: none. Cancellation: none.
#pragma once
#include <filesystem>

#include "jina/status.hpp"
#include "module/module_loader.hpp"

namespace jina {

/// The shared object for `source`. The name in the cache is a hash of all that it depends on: source, flags, compiler, version and
/// public headers.
Result<std::filesystem::path> compile_module(const std::filesystem::path& source, const ModuleOptions& options);

}  // namespace jina
