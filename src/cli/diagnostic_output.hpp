// How `jina check` prints what it found: for people with the line of the file and a caret below, for programs as JSON, for GitHub
// as annotations of the pull request.
//
// Thread: any. Lifetime: none. Cancellation: none.
#pragma once
#include <span>
#include <string>

#include "cli/terminal.hpp"
#include "config/diagnostics.hpp"

namespace jina::cli {

std::string diagnostics_as_text(std::span<const config::Diagnostic> items, const Style& style);
std::string diagnostics_as_json(std::span<const config::Diagnostic> items);
std::string diagnostics_as_github(std::span<const config::Diagnostic> items);

}  // namespace jina::cli
