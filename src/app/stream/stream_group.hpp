// StreamGroup: the handlers of an App that make streamed bodies. Nearly always such a handler ends with its response; one whose
// client went away may need a moment longer, and here is who waits for it.
//
// Thread: one I/O thread. Lifetime: outlives its members. Cancellation: finish() stops them.
#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <unordered_set>

#include "jina/task.hpp"

namespace jina::app {

class StreamGroup {
 public:
  class Member {
   public:
    virtual ~Member() = default;
    /// Ends what it runs, now.
    virtual void stop() = 0;
  };

  explicit StreamGroup(const boost::asio::any_io_executor& executor)
      : changed_(executor, boost::asio::steady_timer::time_point::max()) {}

  void add(Member& member) { members_.insert(&member); }
  void remove(Member& member) {
    members_.erase(&member);
    if (members_.empty()) changed_.cancel();
  }
  std::size_t size() const noexcept { return members_.size(); }

  /// Stops all members and waits for their ends. When the server has stopped, before the App goes.
  Task<void> finish();

 private:
  std::unordered_set<Member*> members_;
  boost::asio::steady_timer changed_;
};

}  // namespace jina::app
