// OutputQueue: what a connection has to write. Frame headers and small bodies are copied together, larger bodies are referenced,
// and all of it leaves by one gathered write. Between event-loop turns it owns memory only when the socket did not take it all.
//
// Thread: one I/O thread. Lifetime: shares the blocks of the bodies. Cancellation: none.
#pragma once
#include <deque>
#include <string>
#include <vector>

#include "base/buffer.hpp"
#include "listener/transport.hpp"

namespace jina::http2 {

class OutputQueue {
 public:
  /// Copies `data` to the end.
  void append_copy(std::string_view data);
  /// Puts `data` at the end, by reference when it is large enough to be worth a part of its own.
  void append(const Bytes& data);

  std::size_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }
  void clear();

  /// Writes as much as the socket takes. kOk: everything is written; kWouldBlock: wait for writable; kError: close.
  net::IoResult write_to(net::Transport& transport);

 private:
  struct Part {
    Bytes bytes;  // referenced body; empty: the next `copied` bytes of scratch_
    std::size_t copied = 0;
  };
  static constexpr std::size_t kCopyBelow = 2048;

  std::deque<Part> parts_;
  std::string scratch_;           // copied bytes, in order
  std::size_t scratch_head_ = 0;  // bytes of scratch_ already written
  std::size_t size_ = 0;
};

}  // namespace jina::http2
