#include "protocol/http2/read_block.hpp"

#include <new>

namespace jina::http2 {
namespace {
void release(detail::BytesBlock* block) noexcept { ::operator delete(block); }
}  // namespace

ReadBlock& ReadBlock::this_thread() {
  static thread_local ReadBlock block;
  return block;
}

ReadBlock::~ReadBlock() {
  if (block_ != nullptr) Bytes::adopt(block_, memory_, 0);  // drops our count
}

char* ReadBlock::space(std::size_t& size) {
  if (block_ != nullptr) {
    if (block_->refs.load(std::memory_order_acquire) == 1) used_ = 0;  // all slices are gone
    if (kCapacity - used_ < kMinimum) {
      Bytes::adopt(block_, memory_, 0);
      block_ = nullptr;
    }
  }
  if (block_ == nullptr) {
    void* memory = ::operator new(sizeof(detail::BytesBlock) + kCapacity);
    block_ = new (memory) detail::BytesBlock;
    block_->release = release;
    memory_ = static_cast<char*>(memory) + sizeof(detail::BytesBlock);
    used_ = 0;
  }
  size = kCapacity - used_;
  return memory_ + used_;
}

Bytes ReadBlock::commit(std::size_t size) {
  block_->refs.fetch_add(1, std::memory_order_relaxed);
  Bytes bytes = Bytes::adopt(block_, memory_ + used_, size);
  used_ += size;
  return bytes;
}

}  // namespace jina::http2
