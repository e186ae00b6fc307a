// Members that may be null, in the schemas of an OpenAPI document. described::schema() writes them as FastAPI with pydantic v1
// does, which does not say it; but answers have nulls there, and clients that are generated from the document, or check against it,
// must know.
//
// Thread: free function. Lifetime: keeps nothing. Cancellation: none.
#pragma once
#include <boost/json/object.hpp>
#include <vector>

#include "jina/described.hpp"

namespace jina::app {

/// Says it of the optional members of all structs in `types`. REQUIRES: `components` has them as described::schema() made them.
void allow_nulls(const std::vector<const described::TypeInfo*>& types, boost::json::object& components);

}  // namespace jina::app
