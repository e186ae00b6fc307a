// Attempt: one call to a deployment, over as many tries as its policy allows.
//
// Thread: the pool's. Lifetime: keeps itself until the completion ran. Cancellation: the context's.
#pragma once
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <string>

#include "connection_pool/connection_pool.hpp"

namespace jina {

class Attempt : public std::enable_shared_from_this<Attempt> {
 public:
  /// `path` and `deployment` outlive the call.
  Attempt(ConnectionPool& pool, ConnectionPool::Deployment& deployment, RequestContext& context, std::string_view endpoint,
          std::string_view path, Buffer message, AttemptDone done);
  void start();
  /// Ends the pause before the next try.
  void wake();

 private:
  /// Whether it is the one of its deployment that may try again; false: it waits for its turn, which begins with pause().
  bool may_be_alone();
  void leave();
  /// next_try() after a pause.
  void pause(std::chrono::milliseconds time);
  void next_try(SteadyTime now);
  void through_call(SteadyTime now);
  grpc::CallOptions begin(std::string_view path, SteadyTime now);
  void on_reply(grpc::UnaryReply reply);
  /// The end of a call that nobody waits for any more.
  void give_up();
  void finish(grpc::UnaryReply reply);

  ConnectionPool& pool_;
  ConnectionPool::Deployment& deployment_;
  RequestContext& context_;
  std::string endpoint_;
  std::string_view path_;
  Buffer message_;
  AttemptDone done_;
  int left_;
  int lost_ = 0;  // tries whose replica was gone before it answered
  int pauses_ = 0;
  std::unique_ptr<boost::asio::steady_timer> pause_{};
  Replica* replica_ = nullptr;
  TriedReplicas tried_;
  Span span_;  // of the try that runs
  grpc::CallHandle running_;
  std::shared_ptr<grpc::ClientStream> stream_;  // when the replica knows Call only
  RequestContext::Registration cancel_;         // last: what `done_` holds may keep the context
};

}  // namespace jina
