// suggest(): the known name that somebody who typed another one most probably meant.
//
// Thread: pure. Lifetime: none. Cancellation: none.
#pragma once
#include <span>
#include <string>
#include <string_view>

namespace jina::config {

/// The nearest of `known` by edit distance (adjacent swaps count as one), or "" when none is near enough to be a typo.
std::string nearest_name(std::string_view typed, std::span<const std::string> known);
/// "; did you mean 'replicas'?" or "".
std::string did_you_mean(std::string_view typed, std::span<const std::string> known);

}  // namespace jina::config
