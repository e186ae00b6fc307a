// parse_arguments(): command line words to option values.
//
// Thread: any. Lifetime: none. Cancellation: none.
#pragma once
#include <string>
#include <vector>

#include "config/option.hpp"
#include "jina/status.hpp"

namespace jina::cli {

struct ParsedArguments {
  config::OptionBag options;
  std::vector<std::string> positionals{};
  std::vector<std::string> unknown{};  ///< words that belong to no argument
  bool help = false;
};

/// A name may be cut short as long as it is clear which one is meant (as in Jina). INVALID_ARGUMENT names the argument.
Result<ParsedArguments> parse_arguments(const config::OptionSet& set, std::size_t max_positionals,
                                        const std::vector<std::string>& words);

}  // namespace jina::cli
