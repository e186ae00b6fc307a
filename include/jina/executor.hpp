// Executor: base class of the user's microservice, and the table that says which member function serves which endpoint.
//
//   class Upper : public jina::Executor {
//    public:
//     using Executor::Executor;
//     void setup(jina::Endpoints& on) override { on.add("/upper", &Upper::upper); }
//     void upper(jina::DocumentArray& docs) { for (auto& d : docs) d.set_text(to_upper(d.text())); }
//   };
//   JINA_MODULE(registry) { registry.add<Upper>("Upper"); }
//
// A function may take, in any order: DocumentArray& (mutate in place) or const DocumentArray&, const Parameters&,
// RequestContext&; it may return void (the Documents as it left them), DocumentArray (these instead), Results (a JSON object that
// goes to parameters.__results__), or a Task of one of them. Throwing makes the request fail as a Python Executor that raised:
// gRPC OK, header.status ERROR.
//
// Thread: plain functions run one at a time per Executor on a worker thread, so health checks stay live; coroutines run on the
// Executor's I/O thread and interleave at co_await.
// Lifetime: one object per process (replica), built before the server listens, destroyed after the last request.
// Cancellation: RequestContext says when the caller is gone; nothing is killed.
#pragma once
#include <boost/json/object.hpp>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "jina/document.hpp"
#include "jina/request_context.hpp"
#include "jina/task.hpp"

namespace jina {

/// Request parameters as this Executor sees them (other Executors' `name__key` entries removed, its own stripped of the prefix).
using Parameters = boost::json::object;
/// Returned by an endpoint: stored in the reply under parameters.__results__[pod name].
struct Results {
  boost::json::object values;
};

/// What an endpoint gets and leaves.
struct EndpointCall {
  DocumentArray docs;                       ///< in: the request's; out: the reply's
  const Parameters& parameters;
  RequestContext& context;
  std::vector<DocumentArray>* docs_matrix = nullptr;  ///< the unmerged inputs of a fan-in without reduce, else null
  boost::json::object* results = nullptr;   ///< set by an endpoint that returns Results
};

class Endpoints;

/// What the runtime tells an Executor about itself.
struct ExecutorRuntimeArgs {
  std::string name = "executor";   ///< pod name, "upper/rep-0" in a Flow
  std::string workspace{};         ///< folder of this Executor, made on first use
  int shard_id = -1;
  int replica_id = 0;
  int replicas = 1;
  int shards = 1;
};

class Executor {
 public:
  Executor() = default;
  virtual ~Executor() = default;
  Executor(const Executor&) = delete;
  Executor& operator=(const Executor&) = delete;

  /// Fills the endpoint table; called once, before the first request. Throwing ends the process with the message.
  virtual void setup(Endpoints& on) = 0;
  /// Called once after the last request.
  virtual void close() {}

  const ExecutorRuntimeArgs& runtime_args() const noexcept { return runtime_args_; }

 private:
  friend class ExecutorHost;
  ExecutorRuntimeArgs runtime_args_;
};

}  // namespace jina
