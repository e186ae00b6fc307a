// What `jina --version` and `jina -vf` say.
//
// Thread: any. Lifetime: none. Cancellation: none.
#pragma once
#include <string>

namespace jina::cli {

/// "0.1.0"
std::string version_line();
/// Version, build and libraries, a line each.
std::string version_table();

}  // namespace jina::cli
