// Polling: which shards a request goes to, by its endpoint: one of them in turn (ANY) or every one (ALL).
//
// Thread: plain value, constant once parsed. Lifetime: owns its text. Cancellation: none.
#pragma once
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "jina/status.hpp"

namespace jina::head {

enum class Poll : std::uint8_t { kAny, kAll };

class Polling {
 public:
  /// What --polling takes: ANY or ALL in any case, or a JSON object {"/endpoint": "ALL", "*": "ANY"}; empty: ANY. /search asks
  /// all and /index any unless the object names them: '*' does not touch these two. INVALID_ARGUMENT says what is wrong.
  static Result<Polling> parse(std::string_view text);

  Poll of(std::string_view endpoint) const noexcept;

 private:
  Poll rest_ = Poll::kAny;
  std::map<std::string, Poll, std::less<>> endpoints_{{"/search", Poll::kAll}, {"/index", Poll::kAny}};
};

}  // namespace jina::head
