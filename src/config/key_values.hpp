// parse_key_values(): Jina's KEY: VALUE arguments: each item is JSON, `k:v` or `k=v`; later items win.
//
// Thread: pure. Lifetime: none. Cancellation: none.
#pragma once
#include <boost/json/object.hpp>
#include <span>
#include <string>

#include "jina/status.hpp"

namespace jina::config {

/// Values given as text are re-typed (scalar.hpp): `k:1` is a number. `argument` names the argument in errors.
Result<boost::json::object> parse_key_values(std::span<const std::string> items, const std::string& argument);

}  // namespace jina::config
