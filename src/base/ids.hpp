// Random identifiers, as Jina makes them: 32 hex digits.
//
// Thread: any; each thread has its own generator, seeded from the system. Lifetime: none. Cancellation: none.
#pragma once
#include <string>

namespace jina {

/// 32 lower-case hex digits; not for secrets.
std::string random_id();

}  // namespace jina
