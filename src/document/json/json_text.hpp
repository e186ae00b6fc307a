// Pieces of JSON for those who write a text of their own around them, as Python's json.dumps(ensure_ascii=False) writes them.
//
// Thread: free functions. Lifetime: append to the caller's string. Cancellation: none.
#pragma once
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <string>
#include <string_view>

#include "jina/document.hpp"

namespace jina::json {

/// In quotes; `text` is UTF-8, broken bytes become U+FFFD.
void append_string(std::string& out, std::string_view text);
/// Integers stay integers, doubles have a point or an exponent; NaN and infinity become null.
void append_value(std::string& out, const boost::json::value& value);
void append_object(std::string& out, const boost::json::object& object);
/// The documents of a request, as Jina's client sends them: 19 keys each. False when JSON can not say what is in them (NaN,
/// infinity, tensors without a JSON form).
[[nodiscard]] bool append_documents(std::string& out, const DocumentArray& documents);

}  // namespace jina::json
