// pretty_json(): JSON text with line ends and indentation; every number and string stays as it was written.
//
// Thread: pure. Lifetime: none. Cancellation: none.
#pragma once
#include <string>
#include <string_view>

#include "cli/terminal.hpp"

namespace jina::cli {

/// `keep_null` false leaves out members that are null. Text that is no JSON is given back as it is. With a colouring style, keys
/// are coloured.
std::string pretty_json(std::string_view text, bool keep_null, const Style& style = Style());

}  // namespace jina::cli
