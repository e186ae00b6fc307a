// ExecutorHandler: Jina's services in front of an ExecutorHost (wire facts, sections 2, 4 and 9).
//
// Thread: one I/O thread. Lifetime: outlives the server that calls it. Cancellation: see protocol/request_handler.hpp.
#pragma once
#include <memory>
#include <string>

#include "executor/executor_host.hpp"
#include "protocol/request_handler.hpp"

namespace jina {

class ExecutorHandler final : public protocol::RequestHandler {
 public:
  /// `deployment` is the name that goes into routes.
  ExecutorHandler(ExecutorHost& host, std::string deployment) : host_(host), deployment_(std::move(deployment)) {}

  void process_single_data(RequestContext& context, wire::DataRequest request, wire::ReplyCallback done) override;
  void process_data(RequestContext& context, std::vector<wire::DataRequest> requests, wire::ReplyCallback done) override;
  void call(RequestContext& context, std::shared_ptr<protocol::RequestStream> stream) override;
  void stream_doc(RequestContext& context, Buffer request, std::shared_ptr<protocol::RequestStream> stream) override;
  void endpoint_discovery(RequestContext& context, UniqueFunction<void(Result<Buffer>)> done) override;

 private:
  void finish(wire::DataRequest request, EndpointCall& call, const std::optional<EndpointFailure>& failure, wire::ReplyCallback done);

  ExecutorHost& host_;
  std::string deployment_;
};

}  // namespace jina
