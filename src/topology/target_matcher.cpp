#include "topology/target_matcher.hpp"

#include <fmt/format.h>
#include <re2/re2.h>

#include <vector>

namespace jina::topology {
namespace {

constexpr std::size_t kLongestPattern = 4096;

// What Python would say, with the position, for the mistakes that people make; RE2's own sentence for the rest.
std::string python_message(std::string_view pattern, const re2::RE2& broken) {
  std::vector<std::size_t> open;
  std::size_t set = std::string_view::npos;
  for (std::size_t at = 0; at < pattern.size(); ++at) {
    const char c = pattern[at];
    if (c == '\\') {
      if (at + 1 == pattern.size()) return fmt::format("bad escape (end of pattern) at position {}", at);
      ++at;
    } else if (set != std::string_view::npos) {
      // A ']' right behind the opening, or behind "[^", stands for itself.
      const bool first = at == set + 1 || (at == set + 2 && pattern[set + 1] == '^');
      if (c == ']' && !first) set = std::string_view::npos;
    } else if (c == '[') {
      set = at;
    } else if (c == '(') {
      open.push_back(at);
    } else if (c == ')') {
      if (open.empty()) return fmt::format("unbalanced parenthesis at position {}", at);
      open.pop_back();
    } else if ((c == '*' || c == '+' || c == '?') && broken.error_code() == re2::RE2::ErrorRepeatArgument &&
               (at == 0 || pattern[at - 1] == '(' || pattern[at - 1] == '|')) {
      if (c != '?' || at == 0 || pattern[at - 1] != '(') return fmt::format("nothing to repeat at position {}", at);
    }
  }
  if (set != std::string_view::npos) return fmt::format("unterminated character set at position {}", set);
  if (!open.empty()) return fmt::format("missing ), unterminated subpattern at position {}", open.back());
  return broken.error();
}

}  // namespace

TargetMatcher::~TargetMatcher() = default;

Result<std::shared_ptr<const TargetMatcher>> TargetMatcher::compile(std::string_view pattern) {
  std::shared_ptr<TargetMatcher> matcher(new TargetMatcher);
  if (pattern.find_first_of("\\^$.|?*+()[]{}") == std::string_view::npos) {
    matcher->prefix_ = pattern;
    return std::shared_ptr<const TargetMatcher>(std::move(matcher));
  }
  if (pattern.size() > kLongestPattern)
    return Status{StatusCode::kInvalidArgument, fmt::format("header.target_executor: longer than {} bytes", kLongestPattern)};
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(1 << 20);
  matcher->pattern_ = std::make_unique<re2::RE2>(re2::StringPiece(pattern.data(), pattern.size()), options);
  if (!matcher->pattern_->ok())
    return Status{StatusCode::kUnknown,
                  fmt::format("Unexpected <class 're.error'>: {}", python_message(pattern, *matcher->pattern_))};
  return std::shared_ptr<const TargetMatcher>(std::move(matcher));
}

bool TargetMatcher::matches(std::string_view deployment) const {
  if (!pattern_) return deployment.starts_with(prefix_);
  return pattern_->Match(re2::StringPiece(deployment.data(), deployment.size()), 0, deployment.size(), re2::RE2::ANCHOR_START,
                         nullptr, 0);
}

Result<std::shared_ptr<const TargetMatcher>> TargetMatcherCache::find(std::string_view pattern) {
  if (const auto known = by_pattern_.find(pattern); known != by_pattern_.end()) {
    entries_.splice(entries_.begin(), entries_, known->second);
    return entries_.front().matcher;
  }
  Result<std::shared_ptr<const TargetMatcher>> matcher = TargetMatcher::compile(pattern);
  if (!matcher) return matcher;
  if (entries_.size() == capacity_) {
    by_pattern_.erase(entries_.back().pattern);
    entries_.pop_back();
  }
  entries_.push_front({std::string(pattern), *matcher});
  by_pattern_.emplace(entries_.front().pattern, entries_.begin());
  return matcher;
}

}  // namespace jina::topology
