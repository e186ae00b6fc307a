// DocumentModel: a document of a request after validation, before it becomes a Document: coerced values, null where nothing was
// given. An answer that sends a request back shows exactly this.
//
// Thread: plain data, one thread. Lifetime: values live in the context's arena. Cancellation: none.
#pragma once
#include <optional>
#include <vector>

#include "document/json/coerce.hpp"
#include "jina/document.hpp"
#include "jina/tensor.hpp"

namespace jina::pyjson {

/// A list that numpy could make an array of; `sendable` is false for arrays of Python objects, which fail when they are encoded.
struct TensorModel {
  Tensor tensor;
  bool sendable = true;
};

struct DocumentModel {
  Value id, parent_id, blob, mime_type, text, uri, modality;  ///< kString
  Value granularity, adjacency;                               ///< kInt
  Value weight, offset;                                       ///< kFloat
  Value location;                                             ///< kArray of kFloat
  Value tags, metadata;                                       ///< kObject
  Value evaluations, scores;  ///< kObject; each value a kArray of value, op_name, description and ref_id
  std::optional<TensorModel> tensor, embedding;
  std::optional<std::vector<DocumentModel>> chunks, matches;
};

/// One document. False after noting the errors in `context`.
bool validate_document(Context& context, const Loc& loc, const Value& value, DocumentModel& model, int depth = 0);
/// A list of documents; null is not allowed.
bool validate_documents(Context& context, const Loc& loc, const Value& value, std::vector<DocumentModel>& models, int depth = 0);

enum class Role : std::uint8_t { kTop, kChunk, kMatch };

/// The Document that goes over the wire: content chosen, base64 decoded, media type guessed, chunks and matches tied to their
/// parent. False when Python would fail to encode it; `context.fatal` says why.
bool to_document(Context& context, DocumentModel&& model, Document& document, Role role = Role::kTop);
/// A JSON object for the wire; false as above.
bool to_json_object(Context& context, const Value& value, boost::json::object& object);

}  // namespace jina::pyjson
