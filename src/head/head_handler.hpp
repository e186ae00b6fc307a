// HeadHandler: Jina's services on a head, which stands between a gateway and the shards of one Executor (wire facts, section 7).
//
// The endpoint that decides about polling is that of the metadata, as a gateway sends it; without it that of the header counts.
// stream_doc, which Jina's heads lack, goes to one shard in turn; a head with uses_before or uses_after refuses it, since a stream
// of Documents would pass them by.
//
// Thread: one per I/O thread. Lifetime: shards outlive it; it outlives its server. Cancellation: see
// protocol/request_handler.hpp.
#pragma once
#include <memory>
#include <vector>

#include "head/shards.hpp"
#include "metrics/request_metrics.hpp"
#include "protocol/request_handler.hpp"
#include "topology/polling.hpp"

namespace jina::head {

using topology::Polling;

class HeadHandler final : public protocol::RequestHandler {
 public:
  /// `metrics` null: nothing is counted.
  HeadHandler(Shards& shards, Polling polling, bool reduce, metrics::RequestMetrics* metrics = nullptr)
      : shards_(shards), polling_(std::move(polling)), reduce_(reduce), metrics_(metrics) {}

  void process_single_data(RequestContext& context, wire::DataRequest request, wire::ReplyCallback done) override;
  void process_data(RequestContext& context, std::vector<wire::DataRequest> requests, wire::ReplyCallback done) override;
  void call(RequestContext& context, std::shared_ptr<protocol::RequestStream> stream) override;
  void stream_doc(RequestContext& context, Buffer request, std::shared_ptr<protocol::RequestStream> stream) override;
  /// What uses_before, uses_after and one shard serve.
  void endpoint_discovery(RequestContext& context, UniqueFunction<void(Result<Buffer>)> done) override;

 private:
  Shards& shards_;
  Polling polling_;
  bool reduce_;
  metrics::RequestMetrics* metrics_;
};

}  // namespace jina::head
