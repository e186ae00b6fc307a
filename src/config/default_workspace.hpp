// Where files go that nobody chose a place for: ~/.cache/jina.
//
// Thread: as std::getenv. Lifetime: none. Cancellation: none.
#pragma once
#include <filesystem>

namespace jina::config {

/// Below /tmp where HOME is not set. Nothing is made.
std::filesystem::path default_workspace();

}  // namespace jina::config
