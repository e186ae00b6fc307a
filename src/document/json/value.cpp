#include "document/json/value.hpp"

namespace jina::pyjson {

char* Arena::allocate_slow(std::size_t size) {
  constexpr std::size_t kChunk = 64 * 1024;
  // A large piece gets a chunk of its own, so that the rest of the current one is not lost.
  if (size > kChunk / 4) return chunks_.emplace_back(std::make_unique_for_overwrite<char[]>(size)).get();
  at_ = chunks_.emplace_back(std::make_unique_for_overwrite<char[]>(kChunk)).get();
  left_ = kChunk;
  char* result = at_;
  at_ += size;
  left_ -= size;
  return result;
}

}  // namespace jina::pyjson
