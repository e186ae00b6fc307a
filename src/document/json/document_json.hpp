// A Document as Jina's JSON: always the same 19 keys, null where nothing is set, `_metadata` last and only when set.
//
// Thread: free functions. Lifetime: append to the caller's string. Cancellation: none.
#pragma once
#include <string>

#include "document/json/json_text.hpp"
#include "jina/document.hpp"

namespace jina::json {

/// False when the Document holds what JSON can not say (NaN, infinity); `out` is of no use then.
[[nodiscard]] bool append_document(std::string& out, const Document& document, Escape escape = Escape::kUtf8);
[[nodiscard]] bool append_documents(std::string& out, const DocumentArray& documents, Escape escape = Escape::kUtf8);

}  // namespace jina::json
