// Numbers in members of any size, and numbers on their way into them.
//
// Thread: free functions, plain values. Lifetime: none. Cancellation: none.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "jina/described.hpp"

namespace jina::described {

/// An integer of any size; `beyond` 64 bits only its sign is known.
struct Whole {
  bool negative = false;
  std::uint64_t magnitude = 0;
  bool beyond = false;

  static Whole of(std::int64_t value) noexcept {
    return {value < 0, value < 0 ? ~static_cast<std::uint64_t>(value) + 1 : static_cast<std::uint64_t>(value)};
  }
  /// Nothing when it has a fraction, or is NaN or infinity.
  static std::optional<Whole> of(double value) noexcept;
  /// As Python's int(text).
  static std::optional<Whole> of(std::string_view text);
  long double real() const noexcept;
};

/// The ends of what a member of that type can hold.
boost::json::value lowest(const TypeInfo& type);
boost::json::value highest(const TypeInfo& type);
/// False when it does not fit; `into` is left as it is.
bool store_integer(const TypeInfo& type, void* into, const Whole& value) noexcept;
/// Puts the low bytes of an enumerator's value into an enum.
void store_enumerator(const TypeInfo& type, void* into, std::int64_t value) noexcept;
/// Of enums, too; unsigned 64-bit values come out with their bits.
std::int64_t load_integer(const TypeInfo& type, const void* from) noexcept;

/// False for a finite number beyond the range of a float.
bool store_float(const TypeInfo& type, void* into, double value) noexcept;
/// Of a float the double with the same shortest digits: 0.1f is 0.1.
double load_float(const TypeInfo& type, const void* from) noexcept;

}  // namespace jina::described
