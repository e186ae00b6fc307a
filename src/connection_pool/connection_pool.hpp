// ConnectionPool: the Executors of a Flow by name, each with its replicas: choosing one, trying again, and saying what went wrong
// in the words that Jina's peers know (wire facts, sections 3 and 9).
//
// Thread: one pool per I/O thread, used there only. Lifetime: outlives its calls; close() ends them with UNAVAILABLE.
// Cancellation: a cancelled context resets the upstream stream; the completion runs with CANCELLED.
#pragma once
#include <boost/asio/io_context.hpp>
#include <boost/json/object.hpp>
#include <chrono>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "connection_pool/dns_watch.hpp"
#include "connection_pool/replica_list.hpp"
#include "jina/status.hpp"
#include "jina/tracing.hpp"
#include "metrics/call_metrics.hpp"
#include "protocol/grpc/channel.hpp"
#include "topology/executor_caller.hpp"

namespace jina {

/// Words for a call that failed for good: `status` came from `deployment` after the replicas in `tried` were asked.
using ExplainFailure = Status (*)(const Status& status, std::string_view deployment, const TriedReplicas& tried);

struct PoolOptions {
  boost::json::object addresses{};                          ///< deployment -> [address, ...] or {"GRPC": [address, ...], ...}
  boost::json::object metadata{};                           ///< deployment -> {key: value}, sent with every call to it
  std::optional<std::chrono::milliseconds> timeout_send{};  ///< of each try; empty or negative: none
  /// n >= 0: 1 + n tries; negative: max(3, replicas) + 1. A call that lost two replicas is tried again when no other such call
  /// runs: the one that takes its Executors down does not take all that waited there with it.
  /// Other than 0: for a second after a replica was lost, requests wait for one that answers.
  int retries = -1;
  grpc::Compression compression = grpc::Compression::kIdentity;
  bool round_robin = false;                      ///< replicas in turn instead of the one with the least to do
  const Clock* clock = &Clock::real();           ///< outlives the pool
  Tracer tracer{};                               ///< of the spans of calls
  DnsWatch::Options dns{};                       ///< how names of Executors are looked after
  ExplainFailure explain = nullptr;              ///< null: the words of a gateway
  std::shared_ptr<metrics::Registry> metrics{};  ///< where calls are counted; null: they are not
  std::string runtime_name{};                    ///< whose calls they are, for metrics
};

class Tries;
class Attempt;

/// Who hears of the end of a call: with the message as it came, or with the DataRequest that it has to be.
using AttemptDone = std::variant<UniqueFunction<void(grpc::UnaryReply)>, wire::ReplyCallback>;

/// What `all` (PoolOptions::metadata) has for `deployment`, names in lower case. INVALID_ARGUMENT when that is no object.
Result<Metadata> deployment_metadata(const boost::json::object& all, std::string_view deployment);

class ConnectionPool final : public topology::ExecutorCaller {
 public:
  /// INVALID_ARGUMENT that names the deployment and the address that is wrong. Nothing is connected yet.
  static Result<std::unique_ptr<ConnectionPool>> make(boost::asio::io_context& io, PoolOptions options);

  bool has(std::string_view deployment) const noexcept { return deployments_.find(deployment) != deployments_.end(); }
  std::vector<std::string> deployments() const;
  /// For tests and status pages; null when there is none.
  const ReplicaList* replicas(std::string_view deployment) const noexcept;

  void send(RequestContext& context, std::string_view deployment, std::string_view endpoint, wire::DataRequest&& request,
            wire::ReplyCallback done) override;
  void send_list(RequestContext& context, std::string_view deployment, std::string_view endpoint,
                 std::vector<wire::DataRequest> requests, wire::ReplyCallback done) override;

  /// Any unary method (`path` of static storage duration), with the same choice of replicas and tries; the status is the last
  /// try's, as the client should see it.
  void call(RequestContext& context, std::string_view deployment, std::string_view endpoint, std::string_view path, Buffer message,
            UniqueFunction<void(grpc::UnaryReply)> done);

  /// What the client is told when `status` came from `deployment` after the replicas in `tried` were asked.
  Status explain(const Status& status, std::string_view deployment, const TriedReplicas& tried) const;

  void close();

  /// What a deployment is to those that call it.
  struct Deployment {
    std::string name;
    ReplicaList replicas;
    Metadata metadata;
    const Tries* alone = nullptr;                     ///< lost two replicas, and is tried again
    std::deque<std::shared_ptr<Tries>> want_alone{};  ///< the same, and wait for it
    std::unique_ptr<DnsWatch> watch{};                ///< null: no address is a name
  };
  /// Null when there is none.
  Deployment* find(std::string_view name) noexcept;
  /// A stream to `replica`, the last of `tried`.
  std::shared_ptr<grpc::ClientStream> open(const RequestContext& context, const Deployment& deployment, std::string_view endpoint,
                                           std::string_view path, Replica& replica, const TriedReplicas& tried) const;

 private:
  friend class Tries;
  friend class Attempt;
  ConnectionPool(boost::asio::io_context& io, PoolOptions options);
  SteadyTime now() const { return options_.clock->steady_now(); }
  void start(RequestContext& context, std::string_view deployment, std::string_view endpoint, std::string_view path, Buffer message,
             AttemptDone done, std::unique_ptr<metrics::CallWatch> watch = nullptr);
  grpc::CallOptions call_options(const RequestContext& context, const TraceContext& trace, const Deployment& deployment,
                                 std::string_view endpoint, SteadyTime now) const;
  /// The span of one try; empty while tracing is off. REQUIRES: tried is not empty, its last is the replica that is asked.
  Span start_span(const RequestContext& context, const Deployment& deployment, std::string_view endpoint, std::string_view path,
                  const TriedReplicas& tried) const;
  int tries(const Deployment& deployment) const noexcept;

  boost::asio::io_context& io_;
  PoolOptions options_;
  std::unique_ptr<metrics::CallMetrics> metrics_;  // null: nothing is counted
  std::map<std::string, Deployment, std::less<>> deployments_;
  std::set<Tries*> pausing_{};  // until their next try
  bool closed_ = false;
};

}  // namespace jina
