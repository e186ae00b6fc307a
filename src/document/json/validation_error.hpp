// What a 422 answer lists: one entry per place of the input that is wrong, as pydantic v1 writes them.
//
// Thread: plain values, free functions. Lifetime: own their text. Cancellation: none.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace jina {

/// A key or an index on the way from "body" to the place.
using LocItem = std::variant<std::string, std::int64_t>;

/// Where a JSON text broke; the positions count code points.
struct JsonErrorContext {
  std::string message;
  std::string document;
  std::size_t pos = 0;
  std::size_t line = 1;
  std::size_t column = 1;
};

struct ValidationDetail {
  std::vector<LocItem> loc;
  std::string msg;
  std::string type;
  std::optional<JsonErrorContext> ctx{};
};

/// {"detail":[{"loc":["body","data",0,"text"],"msg":"...","type":"..."}]}; nothing when a text in it can not be written in UTF-8
/// (a lone surrogate in a key), where Jina answers 500.
std::optional<std::string> write_validation_details(const std::vector<ValidationDetail>& details);
/// {"detail":"Not Found"}
std::string write_detail(std::string_view message);

}  // namespace jina
