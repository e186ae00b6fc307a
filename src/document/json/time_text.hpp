// write_time: a google.protobuf.Timestamp as Jina's two JSON dialects spell it.
//
// Thread: free function. Lifetime: keeps nothing. Cancellation: none.
#pragma once
#include <cstdint>

#include "document/json/output.hpp"

namespace jina {

/// "2026-11-23T03:51:26.473462+00:00" over HTTP, its fraction of six digits left out when it is zero; over WebSocket "...Z" with 0,
/// 3, 6 or 9 digits. `nanos` outside of one second carry over. output.fail() for a year before 1 or after 9999.
void write_time(pyjson::Output& output, std::int64_t seconds, std::int64_t nanos);

}  // namespace jina
