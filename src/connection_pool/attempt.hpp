// Attempt: one unary call to a deployment, over as many tries as its policy allows.
//
// Thread: the pool's. Lifetime: keeps itself until the completion ran. Cancellation: the context's.
#pragma once
#include <memory>
#include <string>

#include "connection_pool/tries.hpp"

namespace jina {

class Attempt final : public Tries {
 public:
  /// `path` and `deployment` outlive the call.
  Attempt(ConnectionPool& pool, ConnectionPool::Deployment& deployment, RequestContext& context, std::string_view endpoint,
          std::string_view path, Buffer message, AttemptDone done, std::unique_ptr<metrics::CallWatch> watch);
  void start();

 private:
  std::shared_ptr<Attempt> self() { return std::static_pointer_cast<Attempt>(shared_from_this()); }
  void next_try(SteadyTime now) override;
  void give_up() override;
  void through_call(SteadyTime now);
  grpc::CallOptions begin(std::string_view path, SteadyTime now);
  void on_reply(grpc::UnaryReply reply);
  void finish(grpc::UnaryReply reply);

  std::string endpoint_;
  std::string_view path_;
  Buffer message_;
  AttemptDone done_;
  Span span_;                                  // of the try that runs
  std::unique_ptr<metrics::CallWatch> watch_;  // null: nothing is counted
  grpc::CallHandle running_;
  std::shared_ptr<grpc::ClientStream> stream_;  // when the replica knows Call only
  RequestContext::Registration cancel_;         // last: what `done_` holds may keep the context
};

}  // namespace jina
