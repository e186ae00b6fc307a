// Place: where in a value a reader or writer is, as a list from the inside out on the stack.
//
// Thread: plain value. Lifetime: keys and parents outlive it. Cancellation: none.
#pragma once
#include <boost/json/array.hpp>
#include <cstdint>
#include <string>
#include <string_view>

namespace jina::described {

struct Place {
  const Place* parent = nullptr;  ///< null: the value itself, which has neither key nor index
  std::string_view key{};
  std::int64_t index = -1;  ///< used when >= 0

  Place at(std::string_view inner) const noexcept { return {this, inner, -1}; }
  Place at(std::size_t inner) const noexcept { return {this, {}, static_cast<std::int64_t>(inner)}; }
  /// Appends keys and indexes, outermost first.
  void append_to(boost::json::array& location) const;
  /// "limits.low", "names[2]"; "" for the value itself.
  std::string text() const;
};

/// The same for a location.
std::string place_text(const boost::json::array& location);

}  // namespace jina::described
