#include "base/buffer.hpp"

#include <algorithm>
#include <cstring>

namespace jina {

void Buffer::append(Bytes piece) {
  if (piece.empty()) return;
  size_ += piece.size();
  pieces_.push_back(std::move(piece));
}

void Buffer::append(const Buffer& other) {
  pieces_.insert(pieces_.end(), other.pieces_.begin(), other.pieces_.end());
  size_ += other.size_;
}

void Buffer::append(Buffer&& other) {
  if (empty()) {
    *this = std::move(other);
  } else {
    for (Bytes& piece : other.pieces_) pieces_.push_back(std::move(piece));
    size_ += other.size_;
  }
  other.clear();
}

Buffer Buffer::slice(std::size_t offset, std::size_t count) const {
  Buffer part;
  for (const Bytes& piece : pieces_) {
    if (count == 0) break;
    if (offset >= piece.size()) {
      offset -= piece.size();
      continue;
    }
    const std::size_t length = std::min(count, piece.size() - offset);
    part.append(piece.slice(offset, length));
    offset = 0;
    count -= length;
  }
  return part;
}

void Buffer::remove_prefix(std::size_t count) {
  size_ -= count;
  std::size_t whole = 0;
  while (whole < pieces_.size() && count >= pieces_[whole].size()) count -= pieces_[whole++].size();
  pieces_.erase(pieces_.begin(), pieces_.begin() + static_cast<std::ptrdiff_t>(whole));
  if (count > 0) pieces_.front() = pieces_.front().slice(count);
}

Bytes Buffer::flatten() const {
  if (pieces_.empty()) return {};
  if (pieces_.size() == 1) return pieces_.front();
  return Bytes::take(str());
}

std::string Buffer::str() const {
  std::string text;
  text.reserve(size_);
  for (const Bytes& piece : pieces_) text.append(piece.view());
  return text;
}

void Buffer::copy_to(char* out, std::size_t offset, std::size_t count) const {
  for (const Bytes& piece : pieces_) {
    if (count == 0) return;
    if (offset >= piece.size()) {
      offset -= piece.size();
      continue;
    }
    const std::size_t length = std::min(count, piece.size() - offset);
    std::memcpy(out, piece.data() + offset, length);
    out += length;
    offset = 0;
    count -= length;
  }
}

}  // namespace jina
