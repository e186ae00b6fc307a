// The texts of `jina`, `jina help` and `--help`, made from the descriptions of the commands.
//
// Thread: any. Lifetime: none. Cancellation: none.
#pragma once
#include <string>

#include "cli/command.hpp"

namespace jina::cli {

/// What its value looks like: "NUMBER", "{ANY,ALL}", "" for a flag.
std::string placeholder(const config::OptionSpec& spec);
/// "" when there is none, or nothing to say.
std::string default_text(const config::OptionSpec& spec);
std::string overview(const Style& style);
std::string command_help(const Command& command, const Style& style, int width);
/// One argument: names, kind, default, choices and what it does.
std::string option_help(const config::OptionSpec& spec, const Style& style, int width);

}  // namespace jina::cli
