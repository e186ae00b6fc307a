// PathPattern: the path of a route, taken apart: "/items/{id}/files/{rest:path}".
//
// Thread: plain value. Lifetime: owns its text. Cancellation: none.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace jina::app {

struct PathSegment {
  enum class Kind : std::uint8_t { kLiteral, kParameter, kRest };
  Kind kind = Kind::kLiteral;
  std::string text{};  ///< what it must be, or the parameter's name
};

struct PathPattern {
  std::vector<PathSegment> segments;  ///< between the slashes; "/" has one, which is empty

  /// Throws std::invalid_argument that says what is wrong: no slash in front, braces that do not fit, a parameter that is only a
  /// part of a segment, a name twice, something behind {rest:path}.
  static PathPattern parse(std::string_view path);

  /// The names of the parameters in order.
  std::vector<std::string> parameters() const;
  /// As OpenAPI writes it: "/items/{id}/files/{rest}".
  std::string openapi() const;
};

}  // namespace jina::app
