// JSON text -> Value, as Python's json.loads reads it: the same texts pass (NaN, Infinity, lone surrogates, integers of any size),
// the same ones fail, with the same message at the same place.
//
// Thread: free functions. Lifetime: values point into the text and the arena. Cancellation: none.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "document/json/value.hpp"

namespace jina::pyjson {

/// A syntax error; positions count code points, as Python's do.
struct SyntaxError {
  std::string message;  ///< "Expecting value"
  std::size_t pos = 0;
  std::size_t line = 1;
  std::size_t column = 1;
  /// "Expecting value: line 1 column 11 (char 10)"
  std::string to_string() const;
};

/// Text that json.loads gives up on for another reason than its syntax: nested too deeply, or an integer of more than 4300 digits.
struct Refusal {
  std::string message;
};

using ParseResult = std::variant<Value, SyntaxError, Refusal>;

/// REQUIRES: `text` is UTF-8.
ParseResult parse(std::string_view text, Arena& arena);

/// The single values of a number block, innermost lists as arrays: what the block stands for.
Value expand(const NumberBlock& block, Arena& arena);

}  // namespace jina::pyjson
