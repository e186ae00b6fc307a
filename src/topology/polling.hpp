// Polling: which shards a request goes to, by its endpoint: one of them in turn (ANY) or every one (ALL).
//
// Thread: plain value, constant once parsed. Lifetime: owns its text. Cancellation: none.
#pragma once
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "jina/status.hpp"

namespace jina::topology {

enum class Poll : std::uint8_t { kAny, kAll };

class Polling {
 public:
  struct Mistake {
    std::string endpoint{};  ///< whose value is wrong; empty: all of it
    std::string value{};     ///< what stands there
    std::string problem{};   ///< "is neither ANY nor ALL"
  };
  /// What --polling takes: ANY or ALL in any case, or a JSON object {"/endpoint": "ALL", "*": "ANY"}, in which the numbers that
  /// Jina has for the two may stand too (1 and 2); empty: ANY. /search asks all and /index any unless the object names them: '*'
  /// does not touch these two. What is wrong is left out and added to `mistakes`.
  static Polling parse(std::string_view text, std::vector<Mistake>& mistakes);
  /// The same; INVALID_ARGUMENT says what is wrong first.
  static Result<Polling> parse(std::string_view text);

  Poll of(std::string_view endpoint) const noexcept;

 private:
  Poll rest_ = Poll::kAny;
  std::map<std::string, Poll, std::less<>> endpoints_{{"/search", Poll::kAll}, {"/index", Poll::kAny}};
};

}  // namespace jina::topology
