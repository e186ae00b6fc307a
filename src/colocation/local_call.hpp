// LocalCall: one call to an Executor of this process, with a context of its own: the caller's may be gone while a function that
// was given up still runs.
//
// Thread: the caller's I/O thread; the context is used on the hosts' thread once the call was started. Lifetime: shared by the
// caller's list and the job. Cancellation: the caller's context, the time limit and fail() complete it at once and tell the job.
#pragma once
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "colocation/local_executors.hpp"

namespace jina::colocation {

class LocalCall : public std::enable_shared_from_this<LocalCall> {
 public:
  LocalCall(LocalExecutors& owner, LocalHosts::Deployment& deployment, wire::ReplyCallback done)
      : owner_(owner), deployment_(deployment), done_(std::move(done)) {}

  /// `endpoint` is for the context only; the request's header decides.
  void start(RequestContext& caller, std::string_view endpoint, std::vector<wire::DataRequest>&& requests);
  /// Gives the job up.
  void fail(Status status, CancelReason reason);

 private:
  void run_here(std::vector<wire::DataRequest>&& requests);
  void run_there(std::vector<wire::DataRequest>&& requests);
  void wait(RequestContext& caller);
  void late();
  void replied(wire::Reply&& reply);
  void complete(wire::Reply&& reply);
  Status explain(Status status) const;

  LocalExecutors& owner_;
  LocalHosts::Deployment& deployment_;
  wire::ReplyCallback done_;
  RequestContext context_;
  RequestContext::Registration caller_cancelled_;
  std::optional<boost::asio::steady_timer> limit_;
  std::optional<boost::asio::executor_work_guard<boost::asio::io_context::executor_type>> work_;  // while it is on another thread
};

/// What a call says whose caller gave it up.
Status status_of(CancelReason reason);

}  // namespace jina::colocation
