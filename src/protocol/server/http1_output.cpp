// Writing: what the socket does not take at once waits in output_.
#include <algorithm>
#include <array>
#include <cstring>

#include "protocol/server/http1_session.hpp"

namespace jina::protocol {

// Writes at once what the socket takes and queues the rest.
void Http1Session::send(std::string_view head, const Buffer& body) {
  if (phase_ == Phase::kClosed) return;
  std::size_t written = 0;
  if (output_.empty()) {
    std::array<iovec, 16> parts;
    int count = 0;
    std::array<char, 2048> small;  // a short answer is copied together: one part is cheaper to send than two
    if (const std::size_t size = head.size() + body.size(); size <= small.size() && !head.empty() && !body.empty()) {
      std::memcpy(small.data(), head.data(), head.size());
      body.copy_to(small.data() + head.size(), 0, body.size());
      const iovec part{small.data(), size};
      const net::IoResult result = transport_->writev(&part, 1);
      if (result.status == net::IoStatus::kError) return lost();
      written = result.bytes;
      if (written == size) return;
      return keep_unsent(head, body, written);
    }
    if (!head.empty()) parts[count++] = {const_cast<char*>(head.data()), head.size()};
    for (const Bytes& piece : body.pieces()) {
      if (count == static_cast<int>(parts.size())) break;
      parts[count++] = {const_cast<char*>(piece.data()), piece.size()};
    }
    if (count == 0) return;
    const net::IoResult result = transport_->writev(parts.data(), count);
    if (result.status == net::IoStatus::kError) return lost();
    written = result.bytes;
    if (written == head.size() + body.size()) return;
  }
  keep_unsent(head, body, written);
}

void Http1Session::keep_unsent(std::string_view head, const Buffer& body, std::size_t written) {
  if (written < head.size()) output_.append_copy(head.substr(written));
  written -= std::min(written, head.size());
  for (const Bytes& piece : body.pieces()) {
    if (written >= piece.size()) {
      written -= piece.size();
      continue;
    }
    output_.append(piece.slice(written));
    written = 0;
  }
  flush();
}

void Http1Session::flush() {
  if (writing_armed_ || phase_ == Phase::kClosed) return;
  const std::size_t before = output_.size();
  const net::IoResult result = output_.write_to(*transport_);
  if (result.status == net::IoStatus::kError) return lost();
  if (output_.size() < kStreamHighWater / 4) writable_.notify();
  if (output_.empty()) {
    if (phase_ == Phase::kServing) no_deadline();
    return;
  }
  if (output_.size() < before || deadline_ == SteadyTime::max()) set_deadline(environment_.options.http_limits.idle_timeout);
  writing_armed_ = true;
  transport_->wait_writable([self = shared_from_this()](boost::system::error_code error) {
    self->writing_armed_ = false;
    if (self->phase_ == Phase::kClosed) return;
    if (error) return self->lost();
    self->flush();
    if (self->phase_ == Phase::kFlushing && self->output_.empty()) self->finish_exchange();
  });
}

}  // namespace jina::protocol
