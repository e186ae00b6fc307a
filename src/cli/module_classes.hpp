// compiled_classes(): which classes a compiled module has, and their arguments. It is loaded in a process of its own: what its code
// does while it loads is not for this one.
//
// Thread: forks, so the process should have one thread; blocks until it is loaded, ten seconds at most. Lifetime: none.
// Cancellation: none.
#pragma once
#include <filesystem>
#include <optional>

#include "flow/check_sources.hpp"
#include "module/module_loader.hpp"

namespace jina::cli {

/// Nothing when it would have to be compiled. Of one that does not load nothing is known.
std::optional<flow::SourceClasses> compiled_classes(const std::filesystem::path& module, const ModuleOptions& options);

}  // namespace jina::cli
