// ExecutorHandler: Jina's services in front of an ExecutorHost (wire facts, sections 2, 4 and 9).
//
// Thread: the host's I/O thread. Lifetime: outlives the server that calls it. Cancellation: see protocol/request_handler.hpp.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "executor/executor_host.hpp"
#include "protocol/request_handler.hpp"

namespace jina {

class ExecutorHandler final : public protocol::RequestHandler {
 public:
  /// After host.setup(): the table is read now.
  explicit ExecutorHandler(ExecutorHost& host);

  void process_single_data(RequestContext& context, wire::DataRequest request, wire::ReplyCallback done) override;
  /// The Documents of all requests in one row; header, parameters and routes of the first.
  void process_data(RequestContext& context, std::vector<wire::DataRequest> requests, wire::ReplyCallback done) override;
  void call(RequestContext& context, std::shared_ptr<protocol::RequestStream> stream) override;
  void stream_doc(RequestContext& context, Buffer request, std::shared_ptr<protocol::RequestStream> stream) override;
  void endpoint_discovery(RequestContext& context, UniqueFunction<void(Result<Buffer>)> done) override;

 private:
  ExecutorHost& host_;
  Buffer endpoints_;  // the encoded answer of endpoint_discovery
};

}  // namespace jina
