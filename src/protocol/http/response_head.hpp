// The header of an HTTP/1 response as text.
//
// Thread: any; the date is cached per thread. Lifetime: writes into the caller's string. Cancellation: none.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "protocol/http/handler.hpp"

namespace jina::http {

/// "Not Found" for 404; "Unknown" for numbers without a name.
std::string_view reason_phrase(int status) noexcept;

/// The current time as "Sun, 06 Nov 1994 08:49:37 GMT"; made once per second. Valid until the thread's next call.
std::string_view http_date();

/// How the body follows the header.
enum class BodyFraming : std::uint8_t { kLength, kChunked, kUntilClose, kNone };

/// Appends status line and fields of `response`. content-length, transfer-encoding, connection, date and server come from here:
/// those of the response are left out, as are fields with characters that would end the line. `keep_alive` false says so.
void append_head(std::string& out, const Response& response, BodyFraming framing, int minor_version, bool keep_alive);

/// {"detail":"..."}: what every answer made by the server itself looks like.
Response error_response(int status, std::string_view detail);

}  // namespace jina::http
