// protocol_hint(): what to try when a server does not speak what it was asked in. It asks the port once more, in the other
// protocol.
//
// Thread: any; blocks for a second at most. Lifetime: none. Cancellation: none.
#pragma once
#include <string>

#include "client/target.hpp"
#include "jina/status.hpp"

namespace jina::cli {

/// "this port speaks HTTP: ... --protocol http, or http://127.0.0.1:54321"; empty where that is not the matter.
std::string protocol_hint(const client::Target& target, const Status& failure);

}  // namespace jina::cli
