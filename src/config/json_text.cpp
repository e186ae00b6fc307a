#include "config/json_text.hpp"

#include <boost/json/stream_parser.hpp>

#include "config/node.hpp"

namespace jina::config {

Result<boost::json::value> parse_json(std::string_view text, const std::string& source) {
  boost::json::stream_parser parser;
  boost::system::error_code error;
  std::size_t used = parser.write_some(text.data(), text.size(), error);
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; };
  std::string reason;
  if (!error) {
    while (used < text.size() && blank(text[used])) ++used;
    if (used < text.size()) {
      reason = "something follows after its end";
    } else {
      parser.finish(error);
      if (!error) return parser.release();
      reason = "it ends too early";
    }
  } else {
    reason = error.message();
  }
  Position position{1, 1};
  for (std::size_t i = 0; i < used && i < text.size(); ++i) {
    if (text[i] == '\n') position = {position.line + 1, 0};
    ++position.column;
  }
  return error_at(source, position, "not valid JSON: " + reason);
}

}  // namespace jina::config
