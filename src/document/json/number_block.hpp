// Reads a rectangular nested list of numbers straight into a typed buffer.
//
// Thread: free functions. Lifetime: the block owns its buffer. Cancellation: none.
#pragma once
#include "document/json/value.hpp"

namespace jina::pyjson {

/// Tries to read the list that starts at `at` (a '['). Returns the place after it, or null when it is anything but a rectangular
/// list of at most 32 levels with at least one number in it, all finite and within 64 bits; the generic parser takes over then.
const char* read_number_block(const char* at, const char* end, NumberBlock& block);

/// One number of JSON's grammar.
struct Number {
  bool is_float = false;
  bool fits = true;  ///< an integer within 64 bits, or a float
  std::int64_t integer = 0;
  double real = 0;
};
/// Reads the number at `at`; the place after it, or null when there is none.
const char* read_number(const char* at, const char* end, Number& number);

}  // namespace jina::pyjson
