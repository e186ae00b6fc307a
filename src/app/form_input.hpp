// Form<T>: the fields and files of a form into a described struct.
//
// Thread: the call's. Lifetime: files share the memory of the request's body. Cancellation: none.
#pragma once
#include "app/call.hpp"

namespace jina::app {

/// False when there were problems; they are in call.errors (located at "body", NAME). Throws HttpError for a body that is no form.
bool read_form(Call& call, const described::TypeInfo& type, void* into);

/// UploadFile, or a vector or an optional of it.
bool is_file(const described::TypeInfo& type);
/// Whether a struct has a member of that kind: its form is multipart/form-data.
bool has_files(const described::TypeInfo& type);

}  // namespace jina::app
