// The conversions between an option's JSON value, command line words and YAML.
//
// Thread: pure. Lifetime: none. Cancellation: none.
#pragma once
#include <span>
#include <string>
#include <vector>

#include "config/option.hpp"

namespace jina::config {

/// `where` starts every error: "--prefetch" or "flow.yml:3:5: prefetch".
Result<boost::json::value> option_value_from_words(const OptionSpec& spec, std::span<const std::string> words,
                                                   const std::string& where);
Result<boost::json::value> option_value_from_node(const OptionSpec& spec, const Node& node, const std::string& where);
/// Appends "--name value..." in a form that this and Jina's command line read.
void append_words(std::vector<std::string>& out, const OptionSpec& spec, const boost::json::value& value);

}  // namespace jina::config
