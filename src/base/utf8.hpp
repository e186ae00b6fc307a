// Whether bytes are well-formed UTF-8 (no surrogates, no overlong forms, nothing beyond U+10FFFF).
//
// Thread: free function. Lifetime: keeps nothing. Cancellation: none.
#pragma once
#include <string_view>

namespace jina {

bool is_utf8(std::string_view text) noexcept;

}  // namespace jina
