// Guessing a media type from a name, as Python's mimetypes does (docarray sets Document.mime_type that way).
//
// Thread: free functions. Lifetime: results own their text. Cancellation: none.
#pragma once
#include <string>
#include <string_view>

namespace jina {

/// "image/png" for "http://x/a.PNG"; of a data: URI the type that it names; "" when nothing is known.
std::string guess_mime_type(std::string_view uri);
/// Whether `type` is the type of some extension.
bool is_known_mime_type(std::string_view type) noexcept;

}  // namespace jina
