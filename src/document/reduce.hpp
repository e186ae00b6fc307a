// Fan-in: several DocumentArrays become one, as Jina's reduce does it (wire facts, section 6).
//
// Documents are matched by id. A field that is empty in the first is filled from the later one, never overwritten; `tags`,
// `scores` and the like count as one field. A content (text, blob, tensor) of another kind replaces the one that is there.
// `id` and `parent_id` stay; chunks and matches are reduced the same way. Unknown ids are appended.
//
// Thread: free functions. Lifetime: moves out of its arguments. Cancellation: none.
#pragma once
#include <vector>

#include "jina/document.hpp"

namespace jina {

/// Merges `later` into `first`.
void reduce(DocumentArray& first, DocumentArray later);
/// All of them, in order of arrival, brought into the shape docarray gives them on the way (normalize_like_docarray).
DocumentArray reduce_all(std::vector<DocumentArray> inputs);

}  // namespace jina
