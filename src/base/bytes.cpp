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

Bytes Bytes::copy_of(std::string_view data) {
  if (data.empty()) return {};
  void* memory = ::operator new(sizeof(InlineBlock) + data.size());
  auto* block = new (memory) InlineBlock;
  block->release = release_inline;
  char* storage = reinterpret_cast<char*>(block + 1);
  std::memcpy(storage, data.data(), data.size());
  return adopt(block, storage, data.size());
}

Bytes Bytes::take(std::string&& data) {
  if (data.empty()) return {};
  auto* block = new StringBlock;
  block->release = release_string;
  block->text = std::move(data);
  return adopt(block, block->text.data(), block->text.size());
}

}  // namespace jina
