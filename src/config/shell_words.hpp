// Words as a shell splits them: blanks separate, '...' and "..." and \x keep.
//
// Thread: pure. Lifetime: none. Cancellation: none.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace jina::config {

/// A quote that is not closed ends with the text.
std::vector<std::string> split_shell_words(std::string_view text);
/// The text that split_shell_words() makes the same words of.
std::string join_shell_words(std::span<const std::string> words);

}  // namespace jina::config
