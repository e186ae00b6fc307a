// Buffer: a message as a row of Bytes, so that it can be cut, extended at either end and written to a socket without copying.
//
// Thread: plain value. Lifetime: shares the blocks of its pieces. Cancellation: none.
#pragma once
#include <boost/container/small_vector.hpp>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "jina/bytes.hpp"

namespace jina {

class Buffer {
 public:
  static constexpr std::size_t kInside = 2;  // pieces that need no memory of their own
  using Pieces = boost::container::small_vector<Bytes, kInside>;

  Buffer() = default;
  Buffer(const Buffer&) = default;
  Buffer& operator=(const Buffer&) = default;
  Buffer(Buffer&& other) noexcept { take_from(other); }
  Buffer& operator=(Buffer&& other) noexcept {
    if (this == &other) return *this;
    pieces_.clear();
    take_from(other);
    return *this;
  }
  Buffer(Bytes piece) { append(std::move(piece)); }  // NOLINT(google-explicit-constructor)
  static Buffer copy_of(std::string_view data) { return Buffer(Bytes::copy_of(data)); }
  static Buffer take(std::string&& data) { return Buffer(Bytes::take(std::move(data))); }

  std::size_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }
  /// The pieces in order; none of them is empty.
  const Pieces& pieces() const noexcept { return pieces_; }

  void append(Bytes piece);
  void append(const Buffer& other);
  void append(Buffer&& other);
  void clear() noexcept {
    pieces_.clear();
    size_ = 0;
  }

  /// The part that starts at `offset`, `count` bytes long; shares memory. REQUIRES: offset + count <= size().
  Buffer slice(std::size_t offset, std::size_t count) const;
  /// Drops the first `count` bytes. REQUIRES: count <= size().
  void remove_prefix(std::size_t count);
  /// One contiguous piece: the only one if there is just one, else a copy of all.
  Bytes flatten() const;
  std::string str() const;
  /// Copies `count` bytes from `offset` to `out`. REQUIRES: offset + count <= size().
  void copy_to(char* out, std::size_t offset, std::size_t count) const;

 private:
  // Every message is moved a dozen times, and has one or two pieces: for them this is a tenth of what small_vector does.
  void take_from(Buffer& other) noexcept {
    if (other.pieces_.size() <= kInside) {
      for (Bytes& piece : other.pieces_) pieces_.push_back(std::move(piece));
    } else {
      pieces_ = std::move(other.pieces_);
    }
    other.pieces_.clear();
    size_ = std::exchange(other.size_, 0);
  }

  Pieces pieces_;
  std::size_t size_ = 0;
};

}  // namespace jina
