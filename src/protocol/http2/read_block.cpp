#include "protocol/http2/read_block.hpp"

#include <array>
#include <new>

namespace jina::http2 {
namespace {

// Blocks whose slices are gone, for the next time: each free() of one this large makes malloc tidy up its whole heap.
// Trivially destructible, since slices may be dropped after the thread's other objects are destroyed.
struct SpareBlocks {
  std::array<detail::BytesBlock*, 4> blocks;
  std::size_t count;
  bool open;  // the thread reads sockets
};
thread_local constinit SpareBlocks spare{};

void release(detail::BytesBlock* block) noexcept {
  if (spare.open && spare.count < spare.blocks.size()) {
    spare.blocks[spare.count++] = block;
  } else {
    ::operator delete(block);
  }
}

void* take_memory(std::size_t size) { return spare.count > 0 ? spare.blocks[--spare.count] : ::operator new(size); }

}  // namespace

ReadBlock& ReadBlock::this_thread() {
  static thread_local ReadBlock block;
  spare.open = true;
  return block;
}

ReadBlock::~ReadBlock() {
  if (block_ != nullptr) Bytes::adopt(block_, memory_, 0);  // drops our count
  spare.open = false;
  while (spare.count > 0) ::operator delete(spare.blocks[--spare.count]);
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
    void* memory = take_memory(sizeof(detail::BytesBlock) + kCapacity);
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
