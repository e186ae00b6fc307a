// HealthState: what the standard gRPC health service answers; shared by the I/O threads of a server.
//
// Thread: every member may be called from any thread. Lifetime: shared. Cancellation: a watcher leaves when its call ends.
#pragma once
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/unique_function.hpp"

namespace jina::grpc {

class HealthState {
 public:
  /// `names` and "" are served; all NOT_SERVING until set_serving(true).
  explicit HealthState(std::vector<std::string> names);

  void set_serving(bool serving);
  /// False: NOT_SERVING whatever set_serving says, until it is true again: something that the server needs is not well.
  void set_able(bool able);
  /// NOT_SERVING for good: whoever watches is told so, and its call ends, lest it keep a server from stopping.
  void stop();
  bool stopped() const;
  /// Empty when the name is unknown.
  std::optional<bool> serving(std::string_view name) const;

  /// `changed` is called, on the thread of set_serving or stop, after each change until it returns false; at once when stopped.
  void watch(UniqueFunction<bool()> changed);

 private:
  void change(bool& flag, bool value);

  mutable std::mutex mutex_;
  std::vector<std::string> names_;
  bool serving_ = false;
  bool able_ = true;
  bool stopped_ = false;
  std::list<UniqueFunction<bool()>> watchers_;
};

}  // namespace jina::grpc
