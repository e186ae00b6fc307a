// Why a text is no JSON, in the words and at the place that Python's json module names: run only when the fast parser refused it.
//
// Thread: free function. Lifetime: the result owns its text. Cancellation: none.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace jina::json {

struct PythonJsonError {
  std::string message;     ///< "Expecting value"
  std::size_t position;    ///< in code points from the start
  std::size_t line;        ///< from 1
  std::size_t column;      ///< from 1, in code points
};

/// Empty when Python's parser takes the text (it takes NaN, Infinity, and integers of any length). `text` is valid UTF-8.
std::optional<PythonJsonError> find_python_json_error(std::string_view text);

}  // namespace jina::json
