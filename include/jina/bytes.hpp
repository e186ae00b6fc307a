// Bytes: an immutable, reference-counted piece of memory.
//
// Blobs, tensor buffers and whole messages travel as Bytes from the socket they came from to the socket they leave by;
// copying a Bytes bumps a counter, `slice` shares the same block. The memory never changes while anyone holds it.
//
// Thread: distinct objects may be used by different threads, also when they share a block (the count is atomic).
// Lifetime: the memory lives as long as the last Bytes that shows a part of it.
// Cancellation: none, nothing here waits.
#pragma once
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace jina {

namespace detail {
// Counted owner of memory; `release` frees the block by its kind (inline storage, adopted string, foreign memory).
struct BytesBlock {
  std::atomic<std::uint32_t> refs{1};
  void (*release)(BytesBlock*) noexcept = nullptr;
};
}  // namespace detail

class Bytes {
 public:
  Bytes() noexcept = default;
  Bytes(const Bytes& other) noexcept : block_(other.block_), data_(other.data_), size_(other.size_) { retain(); }
  Bytes(Bytes&& other) noexcept
      : block_(std::exchange(other.block_, nullptr)),
        data_(std::exchange(other.data_, nullptr)),
        size_(std::exchange(other.size_, 0)) {}
  Bytes& operator=(Bytes other) noexcept {
    std::swap(block_, other.block_);
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
  }
  ~Bytes() { drop(); }

  /// Copies `data` into a block of its own.
  static Bytes copy_of(std::string_view data);
  static Bytes copy_of(std::span<const std::byte> data) {
    return copy_of(std::string_view(reinterpret_cast<const char*>(data.data()), data.size()));
  }
  /// A new block of `size` bytes, which the caller fills through `out` before the result is shared. One allocation.
  static Bytes allocate(std::size_t size, char*& out);
  /// Adopts the memory of a string; no byte is copied unless it sits in the string's own small buffer.
  static Bytes take(std::string&& data);
  /// Shows memory of static storage duration (a literal); never freed.
  static Bytes of_static(std::string_view data) noexcept { return Bytes(nullptr, data.data(), data.size()); }
  /// Shows `[data, data + size)` of a block that the caller already owns one count of; that count is taken over.
  static Bytes adopt(detail::BytesBlock* block, const char* data, std::size_t size) noexcept { return Bytes(block, data, size); }

  const char* data() const noexcept { return data_; }
  std::size_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }
  std::string_view view() const noexcept { return {data_, size_}; }
  std::span<const std::byte> span() const noexcept { return {reinterpret_cast<const std::byte*>(data_), size_}; }
  std::string str() const { return std::string(view()); }

  /// The part that starts at `offset`, `count` bytes long (cut at the end); shares the block.
  /// REQUIRES: offset <= size().
  Bytes slice(std::size_t offset, std::size_t count = static_cast<std::size_t>(-1)) const noexcept {
    Bytes part(block_, data_ + offset, count < size_ - offset ? count : size_ - offset);
    part.retain();
    return part;
  }

  friend bool operator==(const Bytes& a, const Bytes& b) noexcept { return a.view() == b.view(); }

 private:
  Bytes(detail::BytesBlock* block, const char* data, std::size_t size) noexcept : block_(block), data_(data), size_(size) {}
  void retain() const noexcept {
    if (block_ != nullptr) block_->refs.fetch_add(1, std::memory_order_relaxed);
  }
  void drop() noexcept {
    if (block_ != nullptr && block_->refs.fetch_sub(1, std::memory_order_acq_rel) == 1) block_->release(block_);
  }

  detail::BytesBlock* block_ = nullptr;
  const char* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace jina
