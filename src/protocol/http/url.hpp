// Targets and queries of URLs: taking them apart and percent-decoding.
//
// Thread: pure functions. Lifetime: results own their text. Cancellation: none.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace jina::http {

/// Replaces %XX by its byte, with `plus_is_space` also '+' by a space. Empty when a '%' is not followed by two hex digits.
std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space = false);

/// Encodes everything but the unreserved characters of RFC 3986.
std::string percent_encode(std::string_view text);

/// Takes "/a%20b?x=1" apart: `path` decoded ("/a b"), `query` as sent ("x=1"); a fragment is dropped. False when the target does
/// not start with '/' (only "*" may do so), a '%' in the path is malformed or stands for a zero byte.
bool split_target(std::string_view target, std::string& path, std::string& query);

using Query = std::vector<std::pair<std::string, std::string>>;
/// The pairs of "a=1&b=x%20y" in order, decoded as HTML forms do it ('+' is a space). "a" reads as a pair with an empty value;
/// text with a malformed '%' is kept as it was sent, as browsers do.
Query parse_query(std::string_view query);

/// The last value of `name`, which is the one that counts for single-valued parameters; nullptr without any.
const std::string* find_query(const Query& query, std::string_view name) noexcept;

}  // namespace jina::http
