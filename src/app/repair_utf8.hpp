// Texts from URLs, headers and cookies are whatever bytes a client sent; handlers get UTF-8.
//
// Thread: free function. Lifetime: none. Cancellation: none.
#pragma once
#include <string>

namespace jina::app {

/// Replaces what is not UTF-8 by U+FFFD, one for each maximal broken part, as Python's decode(errors="replace") does.
void repair_utf8(std::string& text);

}  // namespace jina::app
