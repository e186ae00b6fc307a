// TargetMatcher: which Executors a request is for. header.target_executor is a regular expression that has to match the beginning
// of a deployment's name; empty means all of them.
//
// Thread: one cache per I/O thread. Lifetime: a matcher lives until its cache makes room for others: use it at once or keep the
// shared_ptr. Cancellation: none; RE2 runs in time linear to the text.
#pragma once
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "jina/status.hpp"

namespace re2 {
class RE2;
}

namespace jina::topology {

class TargetMatcher {
 public:
  /// UNKNOWN with the words of Python's re.error, which is what clients of Jina know.
  static Result<std::shared_ptr<const TargetMatcher>> compile(std::string_view pattern);
  ~TargetMatcher();

  bool matches(std::string_view deployment) const;

 private:
  TargetMatcher() = default;

  std::string prefix_;                 // a pattern without special characters is a plain prefix
  std::unique_ptr<re2::RE2> pattern_;  // null: prefix_ decides
};

/// Compiled expressions by their text, a bounded number of them: clients send the same few again and again.
class TargetMatcherCache {
 public:
  explicit TargetMatcherCache(std::size_t capacity = 64) : capacity_(capacity) {}
  Result<std::shared_ptr<const TargetMatcher>> find(std::string_view pattern);
  std::size_t size() const noexcept { return entries_.size(); }

 private:
  struct Entry {
    std::string pattern;
    std::shared_ptr<const TargetMatcher> matcher;
  };
  std::size_t capacity_;
  std::list<Entry> entries_;  // the one used last comes first
  std::unordered_map<std::string_view, std::list<Entry>::iterator> by_pattern_;
};

}  // namespace jina::topology
