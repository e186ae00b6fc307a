// Times as HTTP writes them: "Sun, 06 Nov 1994 08:49:37 GMT".
//
// Thread: free functions. Lifetime: results own their text. Cancellation: none.
#pragma once
#include <ctime>
#include <optional>
#include <string>
#include <string_view>

namespace jina::app {

std::string http_time(std::time_t time);
/// Empty for anything else, also for the two obsolete forms: a condition that is not understood does not hold.
std::optional<std::time_t> parse_http_time(std::string_view text);

}  // namespace jina::app
