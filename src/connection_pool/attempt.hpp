// Attempt: one call to a deployment, over as many tries as its policy allows.
//
// Thread: the pool's. Lifetime: keeps itself until the completion ran. Cancellation: the context's.
#pragma once
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

 private:
  void next_try(SteadyTime now);
  void through_call(SteadyTime now);
  grpc::CallOptions begin(std::string_view path, SteadyTime now);
  void on_reply(grpc::UnaryReply reply);
  void finish(grpc::UnaryReply reply);

  ConnectionPool& pool_;
  ConnectionPool::Deployment& deployment_;
  RequestContext& context_;
  RequestContext::Registration cancel_;
  std::string endpoint_;
  std::string_view path_;
  Buffer message_;
  AttemptDone done_;
  int left_;
  Replica* replica_ = nullptr;
  TriedReplicas tried_;
  Span span_;  // of the try that runs
  grpc::CallHandle running_;
  std::shared_ptr<grpc::ClientStream> stream_;  // when the replica knows Call only
};

}  // namespace jina
