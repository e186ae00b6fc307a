// Prebuilt modules: `jina build` compiles x.cpp ahead of time and puts x.so beside it, so that the machine that loads x.cpp needs
// no compiler. The .so says at its end what it was made of, and is used only as long as that still holds.
//
// Thread: one at a time in a process. Lifetime: the files stay. Cancellation: none.
#pragma once
#include <cstdint>
#include <filesystem>

#include "jina/status.hpp"
#include "module/module_loader.hpp"

namespace jina {

/// "x.so" for "x.cpp".
std::filesystem::path prebuilt_path(const std::filesystem::path& source);

/// Compiles `source` (or takes it from the cache) into `output`.
Status build_module(const std::filesystem::path& source, const std::filesystem::path& output, const ModuleOptions& options);

enum class Prebuilt : std::uint8_t {
  kNone,   ///< no such file, or none that build_module wrote
  kFits,   ///< made from this source, its headers, these options, for this version
  kStale,  ///< made from others
};
/// Whether `shared_object` may be loaded instead of compiling `source`. Headers that are not there are not looked at: a compiler
/// could do nothing without them either.
Prebuilt check_prebuilt(const std::filesystem::path& shared_object, const std::filesystem::path& source,
                        const ModuleOptions& options);

}  // namespace jina
