// GatewayHandler: Jina's services on a gateway: every request is a run of the graph, but for stream_doc: that is one Executor's,
// the first one in the graph that streams the endpoint.
//
// Thread: one per I/O thread. Lifetime: graph runner, router and table outlive it; it outlives its servers. Cancellation: see
// protocol/request_handler.hpp.
#pragma once
#include <memory>

#include "gateway/endpoint_table.hpp"
#include "gateway/executor_router.hpp"
#include "gateway/gateway_options.hpp"
#include "metrics/request_metrics.hpp"
#include "protocol/request_handler.hpp"
#include "topology/graph_runner.hpp"

namespace jina::gateway {

class GatewayHandler final : public protocol::RequestHandler {
 public:
  GatewayHandler(const GatewayOptions& options, topology::GraphRunner& runner, ExecutorRouter& executors, EndpointTable& endpoints)
      : options_(options), runner_(runner), executors_(executors), endpoints_(endpoints) {}

  EndpointTable& endpoints() noexcept { return endpoints_; }

  /// Counts streams of Documents too; null: nothing is counted. The runner counts the rest.
  void set_metrics(metrics::RequestMetrics* metrics) noexcept { metrics_ = metrics; }

  void process_single_data(RequestContext& context, wire::DataRequest request, wire::ReplyCallback done) override;
  void call(RequestContext& context, std::shared_ptr<protocol::RequestStream> stream) override;
  void stream_doc(RequestContext& context, Buffer request, std::shared_ptr<protocol::RequestStream> stream) override;
  void endpoint_discovery(RequestContext& context, UniqueFunction<void(Result<Buffer>)> done) override;
  /// Names the Executors in this process too.
  void info(RequestContext& context, UniqueFunction<void(Result<Buffer>)> done) override;
  void dry_run(RequestContext& context, UniqueFunction<void(Result<Buffer>)> done) override;

 private:
  const GatewayOptions& options_;
  topology::GraphRunner& runner_;
  ExecutorRouter& executors_;
  metrics::RequestMetrics* metrics_ = nullptr;
  EndpointTable& endpoints_;
};

}  // namespace jina::gateway
