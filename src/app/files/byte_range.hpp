// The Range header of a request, applied to a body of known size (RFC 9110, section 14).
//
// Thread: free functions. Lifetime: plain values. Cancellation: none.
#pragma once
#include <cstdint>
#include <string_view>

namespace jina::app {

struct ByteRange {
  enum class Kind : std::uint8_t {
    kWhole,          ///< no range, or one that a server may pass over: malformed, of another unit, several at once
    kPart,           ///< 206: bytes first to last, both included
    kUnsatisfiable,  ///< 416: all of it is behind the end
  };
  Kind kind = Kind::kWhole;
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  friend bool operator==(const ByteRange&, const ByteRange&) = default;
};

ByteRange parse_range(std::string_view header, std::uint64_t size);

}  // namespace jina::app
