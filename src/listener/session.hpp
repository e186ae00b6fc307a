// Session: one accepted connection in the hands of its protocol; SessionSet: all of a server's, so that stopping can wait for them.
//
// Thread: one I/O thread. Lifetime: the set shares ownership until the session leaves it. Cancellation: drain(), then abort().
#pragma once
#include <memory>
#include <unordered_map>

#include "base/unique_function.hpp"

namespace jina::net {

class Session {
 public:
  virtual ~Session() = default;
  /// Finish what runs, take nothing new, tell the peer (GOAWAY, Connection: close), then close and leave the set.
  virtual void drain() = 0;
  /// Close now and leave the set.
  virtual void abort() = 0;
};

class SessionSet {
 public:
  void add(std::shared_ptr<Session> session);
  /// Called by the session when it is closed; the set may hold its last reference.
  void remove(Session* session);
  std::size_t size() const noexcept { return sessions_.size(); }
  /// Drains every session; sessions added later are drained at once.
  void drain_all();
  /// The same for abort().
  void abort_all();
  /// Runs `done` when the set is empty, at once if it is. One waiter.
  void when_empty(UniqueFunction<void()> done);
  /// Runs after each session that left.
  void on_removed(UniqueFunction<void()> callback) { on_removed_ = std::move(callback); }

 private:
  std::unordered_map<Session*, std::shared_ptr<Session>> sessions_;
  UniqueFunction<void()> when_empty_;
  UniqueFunction<void()> on_removed_;
  bool draining_ = false;
  bool aborting_ = false;
};

}  // namespace jina::net
