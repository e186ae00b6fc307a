#include "jina/bytes.hpp"

#include <new>

namespace jina {
namespace {

struct InlineBlock : detail::BytesBlock {};

void release_inline(detail::BytesBlock* block) noexcept {
  static_cast<InlineBlock*>(block)->~InlineBlock();
  ::operator delete(block);
}

struct StringBlock : detail::BytesBlock {
  std::string text;
};

void release_string(detail::BytesBlock* block) noexcept { delete static_cast<StringBlock*>(block); }

}  // namespace

Bytes Bytes::allocate(std::size_t size, char*& out) {
  out = nullptr;
  if (size == 0) return {};
  void* memory = ::operator new(sizeof(InlineBlock) + size);
  auto* block = new (memory) InlineBlock;
  block->release = release_inline;
  out = reinterpret_cast<char*>(block + 1);
  return adopt(block, out, size);
}

Bytes Bytes::copy_of(std::string_view data) {
  char* storage = nullptr;
  Bytes bytes = allocate(data.size(), storage);
  if (storage != nullptr) std::memcpy(storage, data.data(), data.size());
  return bytes;
}

Bytes Bytes::take(std::string&& data) {
  if (data.empty()) return {};
  auto* block = new StringBlock;
  block->release = release_string;
  block->text = std::move(data);
  return adopt(block, block->text.data(), block->text.size());
}

}  // namespace jina
