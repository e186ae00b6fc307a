// The answers of /livez and /readyz, for the built-in gateway and for those of users.
//
// Thread: any. Lifetime: the answers own nothing but static text. Cancellation: none.
#pragma once
#include "protocol/http/handler.hpp"

namespace jina::gateway {

/// 200: the process serves.
http::Response live_response();
/// 200 when `ready`, else 503: not started yet, or stopping.
http::Response ready_response(bool ready);

}  // namespace jina::gateway
