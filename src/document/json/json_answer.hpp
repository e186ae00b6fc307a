// An answer of a gateway or an Executor over HTTP, read once: {"header":...,"parameters":...,"routes":[...],"data":[...]}.
//
// Documents are read as those of a request (json_request.hpp); header and routes are left as JSON.
//
// Thread: free function, plain value. Lifetime: results own their memory. Cancellation: none.
#pragma once
#include <boost/json/object.hpp>
#include <string_view>
#include <vector>

#include "document/json/json_request.hpp"
#include "jina/status.hpp"

namespace jina {

struct JsonAnswer {
  boost::json::object header{};  ///< empty when it is missing, as are the others
  std::vector<boost::json::object> routes{};
  JsonRequest body{};  ///< parameters and Documents
};

/// INTERNAL that says what is wrong with it.
Result<JsonAnswer> parse_json_answer(std::string_view text);

}  // namespace jina
