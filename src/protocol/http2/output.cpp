#include "protocol/http2/output.hpp"

#include <array>

namespace jina::http2 {

void OutputQueue::append_copy(std::string_view data) {
  if (data.empty()) return;
  if (scratch_.capacity() == 0) scratch_.reserve(512);
  scratch_.append(data);
  size_ += data.size();
  if (!parts_.empty() && parts_.back().bytes.empty()) {
    parts_.back().copied += data.size();
  } else {
    parts_.push_back(Part{{}, data.size()});
  }
}

void OutputQueue::append(const Bytes& data) {
  if (data.size() < kCopyBelow) return append_copy(data.view());
  size_ += data.size();
  parts_.push_back(Part{data, 0});
}

void OutputQueue::clear() {
  parts_.clear();
  scratch_head_ = 0;
  size_ = 0;
  // Keep a small buffer for the next turn of a busy connection; give back what a burst needed.
  if (scratch_.capacity() > 16 * 1024) {
    std::string().swap(scratch_);
  } else {
    scratch_.clear();
  }
}

net::IoResult OutputQueue::write_to(net::Transport& transport) {
  net::IoResult result{net::IoStatus::kOk, 0, {}};
  while (!parts_.empty()) {
    std::array<iovec, 64> vectors;
    int count = 0;
    std::size_t offset = scratch_head_;
    std::size_t wanted = 0;
    for (const Part& part : parts_) {
      if (count == static_cast<int>(vectors.size())) break;
      if (part.bytes.empty()) {
        vectors[count++] = {scratch_.data() + offset, part.copied};
        offset += part.copied;
        wanted += part.copied;
      } else {
        vectors[count++] = {const_cast<char*>(part.bytes.data()), part.bytes.size()};
        wanted += part.bytes.size();
      }
    }
    result = transport.writev(vectors.data(), count);
    if (result.status != net::IoStatus::kOk) return result;
    std::size_t written = result.bytes;
    size_ -= written;
    const bool all = written == wanted;
    while (written > 0) {
      Part& part = parts_.front();
      const std::size_t length = part.bytes.empty() ? part.copied : part.bytes.size();
      const std::size_t taken = std::min(length, written);
      if (part.bytes.empty()) {
        scratch_head_ += taken;
        part.copied -= taken;
      } else if (taken < length) {
        part.bytes = part.bytes.slice(taken);
      }
      written -= taken;
      if (taken == length) parts_.pop_front();
    }
    if (!all) return {net::IoStatus::kWouldBlock, result.bytes, {}};
  }
  clear();
  return {net::IoStatus::kOk, result.bytes, {}};
}

}  // namespace jina::http2
