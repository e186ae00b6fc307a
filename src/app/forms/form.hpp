// Forms: what a Form<T> parameter is filled from.
//
// Thread: free functions. Lifetime: files share the body's memory. Cancellation: none; limits bound the work.
#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "jina/http.hpp"
#include "jina/status.hpp"

namespace jina::app {

struct FormLimits {
  std::size_t max_fields = 1000;              ///< files included
  std::size_t max_field_bytes = 1024 * 1024;  ///< of one field that is no file
  std::size_t max_header_bytes = 8 * 1024;    ///< of one part
};

struct FormData {
  std::vector<std::pair<std::string, std::string>> fields{};  ///< in order, one name several times for lists
  std::vector<std::pair<std::string, UploadFile>> files{};
};

/// Reads application/x-www-form-urlencoded and multipart/form-data; any other body is a form without fields, so that the answer
/// names the fields that are missing. INVALID_ARGUMENT for a malformed body, RESOURCE_EXHAUSTED beyond a limit. A file input that
/// was left empty (no name, no content) counts as not sent.
Result<FormData> parse_form(std::string_view content_type, const Bytes& body, const FormLimits& limits = {});

/// As parse_form; throws HttpError: 400 "There was an error parsing the body", 413 with the limit's text.
FormData form_of(const HttpRequest& request, const FormLimits& limits = {});

}  // namespace jina::app
