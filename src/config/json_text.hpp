// parse_json(): JSON text to a value, with line and column in the error.
//
// Thread: pure. Lifetime: none. Cancellation: none.
#pragma once
#include <boost/json/value.hpp>
#include <string>
#include <string_view>

#include "jina/status.hpp"

namespace jina::config {

/// `source` is what errors call the text: a file name or an argument.
Result<boost::json::value> parse_json(std::string_view text, const std::string& source);

}  // namespace jina::config
