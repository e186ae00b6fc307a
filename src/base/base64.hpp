// Base64, standard alphabet.
//
// Thread: free functions. Lifetime: results own their text. Cancellation: none.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace jina {

/// With padding.
std::string base64_encode(std::string_view data);
void base64_append(std::string& out, std::string_view data);
/// Padding may be left out; empty for anything that is no base64.
std::optional<std::string> base64_decode(std::string_view text);
/// As Python's b64decode without validation: foreign characters are dropped; empty when the padding is wrong then.
std::optional<std::string> base64_decode_lenient(std::string_view text);

}  // namespace jina
