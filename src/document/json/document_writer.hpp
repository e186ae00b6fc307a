// Documents -> JSON objects with the 19 fields of Jina's document model, null where a field is empty.
//
// Thread: free functions. Lifetime: none. Cancellation: none.
#pragma once
#include <boost/json/object.hpp>

#include "document/json/document_model.hpp"
#include "document/json/output.hpp"
#include "jina/document.hpp"

namespace jina::pyjson {

/// As Jina shows a Document that came over the wire: decoded by docarray, so an empty id becomes a new one, media types are
/// guessed, chunks and matches get what ties them to their parent.
void write_documents(Output& output, const DocumentArray& documents);
void write_document(Output& output, const Document& document);

/// As Jina sends a request's documents back: what was given, coerced, nothing filled in.
void write_documents(Output& output, const std::vector<DocumentModel>& models);

/// A value that was parsed, written as it was understood.
void write_value(Output& output, const Value& value);
/// A JSON object from the wire: NaN and infinity fail in both dialects.
void write_struct(Output& output, const boost::json::object& object);

}  // namespace jina::pyjson
