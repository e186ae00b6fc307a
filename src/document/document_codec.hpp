// Documents <-> the wire (docarray.DocumentProto, wire facts section 1).
//
// Thread: free functions. Lifetime: decoded blobs and tensors share the message's memory, encoded messages share large blobs and
// tensors with the Documents. Cancellation: none.
#pragma once
#include <optional>

#include "base/buffer.hpp"
#include "jina/document.hpp"
#include "jina/status.hpp"

namespace jina {

/// What DataContentProto carries: Documents, or bytes that only the Executors understand (`docs_bytes`), or nothing.
struct DataContent {
  std::optional<DocumentArray> docs{};
  std::optional<Bytes> docs_bytes{};
};

/// INVALID_ARGUMENT for malformed bytes and for Documents nested more than 100 levels.
Result<DataContent> decode_content(const Buffer& content);
/// The Documents only; an empty array for docs_bytes.
Result<DocumentArray> decode_documents(const Buffer& content);
Result<Document> decode_document(const Bytes& encoded);

/// A DataContentProto with `docs` set, also when there are none.
Buffer encode_documents(const DocumentArray& docs);
/// A DocumentProto.
Buffer encode_document(const Document& document);

}  // namespace jina
