// ExecutorRouter: the Executors of a Flow by name, wherever they are: those of this process are called, the others are sent to.
//
// Thread: one I/O thread. Lifetime: pool and local Executors outlive it. Cancellation: as theirs.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "colocation/local_executors.hpp"
#include "connection_pool/connection_pool.hpp"
#include "gateway/endpoint_table.hpp"
#include "protocol/request_handler.hpp"
#include "topology/executor_caller.hpp"
#include "topology/topology_graph.hpp"

namespace jina::gateway {

class ExecutorRouter final : public topology::ExecutorCaller {
 public:
  /// `local` null: there are none.
  ExecutorRouter(ConnectionPool& pool, colocation::LocalExecutors* local) : pool_(pool), local_(local) {}

  bool has(std::string_view deployment) const noexcept { return is_local(deployment) || pool_.has(deployment); }
  /// Sorted.
  std::vector<std::string> names() const;

  void send(RequestContext& context, std::string_view deployment, std::string_view endpoint, wire::DataRequest&& request,
            wire::ReplyCallback done) override;
  void send_list(RequestContext& context, std::string_view deployment, std::string_view endpoint,
                 std::vector<wire::DataRequest> requests, wire::ReplyCallback done) override;
  /// The answers of a generator endpoint, as they come. `request` is an encoded SingleDocumentRequestProto.
  void stream_doc(RequestContext& context, const std::string& deployment, const std::string& endpoint, Buffer request,
                  std::shared_ptr<protocol::RequestStream> stream);
  /// The EndpointsProto of one of them.
  void ask_endpoints(RequestContext& context, const std::string& deployment, UniqueFunction<void(Result<Buffer>)> done);
  /// The endpoints of all of them as one EndpointsProto; the first failure ends it.
  void discover(RequestContext& context, UniqueFunction<void(Result<Buffer>)> done);

  /// Ends what is in flight: calls fail with UNAVAILABLE.
  void close();
  /// Runs `done` once no function of this process works for this thread any more.
  void when_idle(UniqueFunction<void()> done);

 private:
  bool is_local(std::string_view deployment) const noexcept { return local_ != nullptr && local_->has(deployment); }

  ConnectionPool& pool_;
  colocation::LocalExecutors* local_;
};

/// Of the Executors of `graph`, in its order: with several of them that have an endpoint, the first one is meant.
EndpointTable make_endpoint_table(boost::asio::io_context& io, const topology::TopologyGraph& graph, ExecutorRouter& executors);

/// stream_doc to the Executor of `graph` that streams `endpoint`; with one Executor nobody is asked. `stream` keeps the context.
/// REQUIRES: the graph has an Executor. Lifetime: `executors` outlives `endpoints`.
void stream_doc(EndpointTable& endpoints, ExecutorRouter& executors, const topology::TopologyGraph& graph, RequestContext& context,
                const std::string& endpoint, Buffer request, std::shared_ptr<protocol::RequestStream> stream);

}  // namespace jina::gateway
