// The pages of docs/reference/ that come from tables in the code: `jina help --markdown PAGE`, written by tools/write_reference.
//
// Thread: any. Lifetime: none. Cancellation: none.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace jina::cli {

/// "cli", "yaml", "environment".
std::vector<std::string> reference_pages();
/// The page as Markdown; nothing for another name.
std::optional<std::string> reference_page(std::string_view name);

}  // namespace jina::cli
