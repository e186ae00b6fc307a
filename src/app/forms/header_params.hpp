// Values of header fields with parameters: `form-data; name="a"; filename="b c.txt"`.
//
// Thread: free functions. Lifetime: results own their text. Cancellation: none.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace jina::app {

struct HeaderValue {
  std::string value;                                          ///< before the first ';', lower case
  std::vector<std::pair<std::string, std::string>> params{};  ///< names in lower case; quotes and escapes removed

  /// The first parameter of that name, or nullptr.
  const std::string* param(std::string_view name) const noexcept;
};

/// Empty when the text is no value with parameters. A backslash escapes only '"' and '\' inside quotes: browsers send the
/// names of files with single ones.
std::optional<HeaderValue> parse_header_value(std::string_view text);

/// The text of an extended parameter, `UTF-8''na%C3%AFve.txt` (RFC 8187); empty when it is malformed or in another charset.
std::optional<std::string> decode_extended_param(std::string_view text);

}  // namespace jina::app
