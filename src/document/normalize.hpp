// What a Document goes through when Python decodes it (docarray 0.21) before an Executor sees it; our Executors, the JSON input
// and the fan-in do the same, so that answers are equal whichever side made them.
//
// Thread: free functions. Lifetime: change their argument. Cancellation: none.
#pragma once
#include "jina/document.hpp"

namespace jina {

/// * an empty id becomes 32 random hex digits
/// * an empty text or blob is no content, nor is a tensor without bytes and shape; without bytes but with a shape it is float64
/// * mime_type: a short form becomes the type ("png" -> "image/png"); without one it is guessed from uri
/// * scores and evaluations without any value disappear, so does an empty _metadata
/// * chunks get parent_id and granularity + 1, matches adjacency + 1; the innermost first, as they are decoded
void normalize_like_docarray(Document& document);
void normalize_like_docarray(DocumentArray& documents);

}  // namespace jina
