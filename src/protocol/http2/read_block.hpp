// ReadBlock: the memory that an I/O thread reads sockets into. Slices of it travel on as Bytes; when nobody holds one any more
// the same memory is used again, otherwise the rest of the block and then a new one.
//
// Thread: one per thread (this_thread()). Lifetime: blocks live as long as their slices. Cancellation: none.
#pragma once
#include <cstddef>

#include "jina/bytes.hpp"

namespace jina::http2 {

class ReadBlock {
 public:
  static constexpr std::size_t kCapacity = 128 * 1024;
  static ReadBlock& this_thread();
  ReadBlock() = default;
  ReadBlock(const ReadBlock&) = delete;
  ReadBlock& operator=(const ReadBlock&) = delete;
  ~ReadBlock();

  /// Free space to read into, at least kMinimum bytes.
  char* space(std::size_t& size);
  /// The first `size` bytes of the space as Bytes; the space begins behind them now.
  Bytes commit(std::size_t size);

 private:
  static constexpr std::size_t kMinimum = 16 * 1024;
  detail::BytesBlock* block_ = nullptr;
  char* memory_ = nullptr;
  std::size_t used_ = 0;
};

}  // namespace jina::http2
