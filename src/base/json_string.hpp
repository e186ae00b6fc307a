// Strings as Python's json.dumps writes them.
//
// Thread: free functions. Lifetime: none. Cancellation: none.
#pragma once
#include <string>
#include <string_view>

namespace jina::pyjson {

/// Appends `text` in quotes, other characters than ASCII as they are (ensure_ascii=False). False, with `out` in an undefined state
/// behind its old end, when the text is not UTF-8 (lone surrogates).
[[nodiscard]] bool append_utf8_string(std::string& out, std::string_view text);
/// The same for those who can not fail: bytes that are no UTF-8 become U+FFFD, one for one.
void append_repaired_string(std::string& out, std::string_view text);
/// The same with \u escapes for everything beyond printable ASCII (ensure_ascii=True); lone surrogates are fine.
[[nodiscard]] bool append_ascii_string(std::string& out, std::string_view text);

}  // namespace jina::pyjson
