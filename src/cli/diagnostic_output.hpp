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

// `notes`: what is neither an error nor a warning; behind the others.
std::string diagnostics_as_text(std::span<const config::Diagnostic> items, std::span<const config::Diagnostic> notes,
                                const Style& style);
std::string diagnostics_as_json(std::span<const config::Diagnostic> items, std::span<const config::Diagnostic> notes);
std::string diagnostics_as_github(std::span<const config::Diagnostic> items, std::span<const config::Diagnostic> notes);

}  // namespace jina::cli
