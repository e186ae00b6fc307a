// What a Document is after a way over the wire: Documents that stay in this process are brought into the same form, so that
// nobody can tell the difference.
//
// Thread: free functions. Lifetime: change their argument. Cancellation: none.
#pragma once
#include "jina/document.hpp"
#include "jina/status.hpp"

namespace jina {

/// Numbers of tags and _metadata become doubles (google.protobuf.Struct has no others).
void numbers_as_on_wire(DocumentArray& documents);

/// The same, and shapes of sparse tensors. INVALID_ARGUMENT, as who receives them would say it, that names the Document and the
/// field: for text that is not UTF-8, and for more than 100 levels.
Status bring_into_wire_form(DocumentArray& documents);

}  // namespace jina
