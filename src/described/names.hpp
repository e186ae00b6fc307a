// Names of types, from what the compiler spells (__PRETTY_FUNCTION__ of a function template).
//
// Thread: free functions. Lifetime: views point into static text. Cancellation: none.
#pragma once
#include <string>
#include <string_view>

#include "jina/described.hpp"

namespace jina::described {

/// "demo::Ask" out of "... spelled() [with T = demo::Ask]".
std::string_view full_name(std::string_view spelled) noexcept;
/// "Ask": without namespaces and enclosing classes.
std::string_view short_name(std::string_view spelled) noexcept;

}  // namespace jina::described
