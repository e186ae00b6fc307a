// compile_module: a .cpp into a shared object of the cache, unless the same one is there.
//
// Thread: one at a time in a process; processes wait for each other by a lock file. Lifetime: none. Cancellation: none.
#pragma once
#include <filesystem>
#include <optional>

#include "jina/status.hpp"
#include "module/module_loader.hpp"

namespace jina {

/// The shared object for `source`. Its name in the cache is a hash of what it is made of: source, command line, compiler, version
/// and the library's headers; headers of the module's own are looked at as well.
Result<std::filesystem::path> compile_module(const std::filesystem::path& source, const ModuleOptions& options);

/// What compile_module() would give without compiling; nothing when it would have to. Writes nothing but the time of its last use.
std::optional<std::filesystem::path> find_compiled_module(const std::filesystem::path& source, const ModuleOptions& options);

}  // namespace jina
