// What JSON can not say, found while writing it as text and as values.
//
// Thread: free functions. Lifetime: none. Cancellation: none.
#pragma once
#include <string>
#include <string_view>

#include "described/place.hpp"
#include "jina/described.hpp"

namespace jina::described {

/// std::domain_error: "Answer.scores[2] is NaN, which JSON can not say".
[[noreturn]] void refuse_to_write(const TypeInfo& root, const Place& place, const std::string& what);
/// The number itself; throws for NaN and infinity.
double finite(const TypeInfo& root, double value, const Place& place);
/// Throws for values without a name.
std::string_view enumerator_name(const TypeInfo& root, const TypeInfo& type, const void* from, const Place& place);

}  // namespace jina::described
