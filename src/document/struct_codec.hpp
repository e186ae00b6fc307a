// google.protobuf.Struct <-> boost::json::object. Numbers are doubles on the wire; the order of keys is kept.
//
// Thread: free functions. Lifetime: results own their memory. Cancellation: none.
#pragma once
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <string>
#include <string_view>

#include "jina/status.hpp"

namespace jina {

/// INVALID_ARGUMENT for bytes that are no Struct, and for more than 100 levels.
Result<boost::json::object> decode_struct(std::string_view encoded);
/// Appends the encoding of `object`, without a tag.
void encode_struct(const boost::json::object& object, std::string& out);
std::string encode_struct(const boost::json::object& object);

}  // namespace jina
