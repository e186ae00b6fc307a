// The JSON schema of a document, for OpenAPI.
//
// Thread: free function. Lifetime: none. Cancellation: none.
#pragma once
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

namespace jina::pyjson {

/// A reference to it; the schema itself goes to `components` as "Document" ("JinaDocument" when that is something else there).
boost::json::value document_schema(boost::json::object& components);

}  // namespace jina::pyjson
