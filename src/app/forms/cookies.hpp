// The Cookie header of a request.
//
// Thread: free functions. Lifetime: results own their text. Cancellation: none.
#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "jina/request_context.hpp"

namespace jina::app {

using TextPairs = std::vector<std::pair<std::string, std::string>>;

/// Appends the pairs of one Cookie header, read as browsers' and Python's servers do: "a=1; b=2", a piece without '=' is a value
/// without a name, quotes around a value and the escapes in them are removed.
void parse_cookies(std::string_view header, TextPairs& out);

/// Of all Cookie headers: HTTP/2 clients send one for each pair.
TextPairs cookies_of(const Metadata& headers);

}  // namespace jina::app
