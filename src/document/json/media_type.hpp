// Document.mime_type as docarray sets it from what was given for it and from the uri.
//
// Thread: free function. Lifetime: the result owns its text. Cancellation: none.
#pragma once
#include <string>
#include <string_view>

#include "document/mime_types.hpp"

namespace jina::pyjson {

/// `given` when it is a media type, the type of a short form ("png"), else the one that `uri` suggests; "" when nothing is known.
inline std::string media_type_of(std::string_view given, std::string_view uri) {
  if (given.empty()) return uri.empty() ? std::string() : guess_mime_type(uri);
  if (is_known_mime_type(given)) return std::string(given);
  std::string guess = guess_mime_type("*." + std::string(given));
  return guess.empty() ? std::string(given) : guess;
}

}  // namespace jina::pyjson
