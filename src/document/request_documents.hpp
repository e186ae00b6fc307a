// The Documents of a request, however it holds them: encoded, as they came over a socket, or decoded, as JSON, an Executor or a
// gateway in this process left them.
//
// Thread: free functions; requests that share decoded Documents may be read by different threads. Lifetime: results own their
// memory or share it with the message. Cancellation: none.
#pragma once
#include "document/document_codec.hpp"
#include "jina/document.hpp"
#include "jina/status.hpp"
#include "wire/data_request.hpp"

namespace jina {

/// What the request holds: copied when it is there decoded, decoded now when it is not. Neither docs nor docs_bytes without `data`.
Result<DataContent> content_of(const wire::DataRequest& request);
/// The same, moved out of the request when no other one shares the Documents; the request is left without `data`.
Result<DataContent> take_content(wire::DataRequest& request);
/// The Documents without copying them; null when they are encoded, or when there are none.
const DocumentArray* decoded_documents(const wire::DataRequest& request) noexcept;

/// From now on the request holds `docs`; they are encoded when somebody asks for bytes. REQUIRES: wire form (wire_form.hpp), so
/// that nobody can tell whether they were on a wire.
void set_documents(wire::DataRequest& request, DocumentArray docs);
/// The same for what is encoded already.
void set_encoded_documents(wire::DataRequest& request, Buffer content);

}  // namespace jina
