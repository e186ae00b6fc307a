// Random identifiers, as Jina makes them: 32 hex digits.
//
// Thread: any; each thread has its own generator, seeded from the system. Lifetime: none. Cancellation: none.
#pragma once
#include <cstdint>
#include <string>

namespace jina {

/// 32 lower-case hex digits; not for secrets.
std::string random_id();

/// 64 bits; not for secrets.
std::uint64_t random_bits();

}  // namespace jina
