// Tries: the tries of one call to a deployment, unary or a stream: which replica is asked, whether another one is, and when.
//
// What a call does is in the classes below it: next_try() asks the replica that choose() gave, and tells how that ended with
// answered() or try_again().
//
// Thread: the pool's. Lifetime: shared with what runs for it; pool, deployment and context outlive it. Cancellation: the class
// below ends what runs; wake() ends a pause.
#pragma once
#include <boost/asio/steady_timer.hpp>
#include <memory>

#include "connection_pool/connection_pool.hpp"

namespace jina {

class Tries : public std::enable_shared_from_this<Tries> {
 public:
  virtual ~Tries() = default;
  Tries(const Tries&) = delete;
  Tries& operator=(const Tries&) = delete;
  /// Ends the pause before the next try.
  void wake();

 protected:
  Tries(ConnectionPool& pool, ConnectionPool::Deployment& deployment, RequestContext& context);

  /// Asks a replica, now.
  virtual void next_try(SteadyTime now) = 0;
  /// The end of a call that nobody waits for any more.
  virtual void give_up() = 0;

  SteadyTime now() const { return pool_.now(); }
  /// The replica of the try that begins.
  Replica& choose(SteadyTime now);
  /// The replica answered, whatever it said.
  void answered() noexcept { replica_->answered(); }
  /// A try ended with `status`, which is not OK, before anything was answered. True: there is another one, now or after a pause.
  /// `safe`: the replica was never reached. REQUIRES: the context is not cancelled.
  bool try_again(const Status& status, bool safe, SteadyTime now);
  /// No more tries: others may have their turn.
  void leave();
  /// What the context's cancellation says.
  Status cancelled_status() const;

  ConnectionPool& pool_;
  ConnectionPool::Deployment& deployment_;
  RequestContext& context_;
  Replica* replica_ = nullptr;  // of the last try
  TriedReplicas tried_{};

 private:
  /// Whether it is the one of its deployment that may try again; false: it waits for its turn, which begins with pause().
  bool may_be_alone();
  /// next_try() after a pause.
  void pause(std::chrono::milliseconds time);

  int left_;
  int lost_ = 0;  // tries whose replica was gone before it answered
  int pauses_ = 0;
  std::unique_ptr<boost::asio::steady_timer> pause_{};
};

}  // namespace jina
