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
  using Pieces = boost::container::small_vector<Bytes, 2>;

  Buffer() = default;
  Buffer(const Buffer&) = default;
  Buffer& operator=(const Buffer&) = default;
  Buffer(Buffer&& other) noexcept : pieces_(std::move(other.pieces_)), size_(std::exchange(other.size_, 0)) {
    other.pieces_.clear();
  }
  Buffer& operator=(Buffer&& other) noexcept {
    pieces_ = std::move(other.pieces_);
    size_ = std::exchange(other.size_, 0);
    other.pieces_.clear();
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
  Pieces pieces_;
  std::size_t size_ = 0;
};

}  // namespace jina
