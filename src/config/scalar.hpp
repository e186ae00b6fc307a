// What a scalar means: YAML 1.1 as Jina reads it (on, off stay text), and the re-typing that Jina applies to every text afterwards.
//
// Thread: pure functions. Lifetime: none. Cancellation: none.
#pragma once
#include <optional>
#include <string_view>

#include "config/node.hpp"

namespace jina::config {

/// A plain (unquoted) YAML scalar: null, yes/no/true/false, 1.1 numbers (0x, 0b, octal by a leading 0, 1_000, 1:30), else text.
Node resolve_plain_scalar(std::string_view text, Position position);

/// Jina's re-typing of a text: surrounding quotes go, `[a, b]` becomes a list, then int, float, true/false; "" becomes null.
Node retype(std::string_view text, Position position);

/// As Python's int() and float() read them: surrounding blanks and single underscores between digits are fine.
std::optional<std::int64_t> parse_integer(std::string_view text);
std::optional<double> parse_number(std::string_view text);

}  // namespace jina::config
