// read_yaml(): YAML text to Node. `!Tag` on a map is the same as an entry `jtype: Tag`; anchors, aliases and `<<` work; a key that
// stands twice is an error.
//
// Thread: pure. Lifetime: none. Cancellation: none.
#pragma once
#include <string>
#include <string_view>

#include "config/node.hpp"
#include "jina/status.hpp"

namespace jina::config {

/// `source` is what errors call the text: a file name, "--uses". Errors read "flow.yml:3:5: ...". Empty text is a null Node.
Result<Node> read_yaml(std::string_view text, const std::string& source);

}  // namespace jina::config
