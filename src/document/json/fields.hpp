// Reads the scalar fields of a body with the coercions of Jina's Python gateway (pydantic's): numbers become strings, numeric strings
// become numbers, and so on.
//
// Thread: free functions. Lifetime: results own their memory. Cancellation: none.
#pragma once
#include <boost/json/value.hpp>
#include <simdjson.h>

#include <cstdint>
#include <optional>
#include <string>

#include "document/json/validation.hpp"

namespace jina::json {

/// Complaints go to `validation`, at the place that is entered. Null gives an empty optional.
std::optional<std::string> read_text(simdjson::dom::element value, Validation& validation);
std::optional<float> read_float(simdjson::dom::element value, Validation& validation);
std::optional<std::uint32_t> read_unsigned(simdjson::dom::element value, Validation& validation);
std::optional<boost::json::object> read_object(simdjson::dom::element value, Validation& validation);
boost::json::value to_boost(simdjson::dom::element value);

}  // namespace jina::json
