// check_shared_object(): whether a file is a whole shared object for this machine, before the system's loader is let near it: that
// one reports a file of another architecture as missing, and one that is cut short ends the process.
//
// Thread: any. Lifetime: none. Cancellation: none.
#pragma once
#include <filesystem>
#include <string>

namespace jina {

/// "" when it is one, else what it is instead, as the end of "module x.so ...".
std::string check_shared_object(const std::filesystem::path& file);

}  // namespace jina
