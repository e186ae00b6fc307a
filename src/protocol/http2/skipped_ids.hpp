// SkippedIds: stream ids that the client passed over. They are closed for good, so a HEADERS frame with one of them is an error of
// the whole connection (RFC 9113, section 5.1.1), while one for a stream that was open is a late arrival. nghttp2 does not tell the
// two apart.
//
// Thread: the connection's. Lifetime: plain value. Cancellation: none.
#pragma once
#include <cstdint>
#include <utility>
#include <vector>

namespace jina::http2 {

class SkippedIds {
 public:
  /// A HEADERS frame of the client with this id. False when the id was passed over before.
  bool on_headers(std::int32_t id) {
    if (id > highest_) {
      // Clients count by two; whoever skips more often than this is only watched less closely.
      if (id > highest_ + 2 && ranges_.size() < kMostRanges) ranges_.emplace_back(highest_ + 1, id - 1);
      highest_ = id;
      return true;
    }
    for (const auto& [first, last] : ranges_)
      if (id >= first && id <= last && id % 2 == 1) return false;
    return true;
  }

 private:
  static constexpr std::size_t kMostRanges = 64;
  std::int32_t highest_ = -1;  // the first id is 1: nothing is skipped before it
  std::vector<std::pair<std::int32_t, std::int32_t>> ranges_;
};

}  // namespace jina::http2
