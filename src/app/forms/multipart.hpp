// multipart/form-data taken apart (RFC 7578, RFC 2046). The body is whole, so parts are slices of it: nothing is copied.
//
// Strict where two readers could disagree on where a part ends: a boundary that goes on with anything but a line end or "--",
// header lines without CRLF or folded, a body that stops before its last boundary are all errors.
//
// Thread: free functions. Lifetime: parts share the body's memory. Cancellation: none; limits bound the work.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "jina/bytes.hpp"
#include "jina/request_context.hpp"
#include "jina/status.hpp"

namespace jina::app {

struct MultipartLimits {
  std::size_t max_parts = 1000;
  std::size_t max_header_bytes = 8 * 1024;  ///< of one part
};

struct Part {
  std::string name;
  std::optional<std::string> filename{};  ///< set: the part is a file
  std::string content_type{};
  Metadata headers{};  ///< names in lower case
  Bytes content{};
};

/// The boundary that a Content-Type names; empty when it is no multipart/form-data or names none that may be used.
std::optional<std::string> multipart_boundary(std::string_view content_type);

/// INVALID_ARGUMENT for a malformed body, RESOURCE_EXHAUSTED beyond a limit.
Result<std::vector<Part>> parse_multipart(const Bytes& body, std::string_view boundary, const MultipartLimits& limits = {});

}  // namespace jina::app
