// Binds a RequestHandler to the gRPC services of Jina (wire facts, section 2).
#include "protocol/grpc/server.hpp"

namespace jina::grpc {
namespace {

using protocol::RequestHandler;

void send_reply(const std::shared_ptr<ServerCall>& call, wire::Reply reply) {
  Buffer message = reply.status.ok() ? reply.response.serialize() : Buffer{};
  call->reply(std::move(reply.status), std::move(message), std::move(reply.trailing));
}

void send_result(const std::shared_ptr<ServerCall>& call, Result<Buffer> result) {
  if (result) {
    call->reply({}, std::move(*result), {});
  } else {
    call->reply(std::move(result).error(), {}, {});
  }
}

}  // namespace

void add_jina_services(ServiceTable& table, RequestHandler& handler) {
  table.add_unary(
      "/jina.JinaSingleDataRequestRPC/process_single_data", [&handler](std::shared_ptr<ServerCall> call, Buffer message) {
        Result<wire::DataRequest> request = wire::DataRequest::parse(message);
        if (!request) return call->reply(std::move(request).error(), {}, {});
        RequestContext& context = call->context();
        handler.process_single_data(context, std::move(*request),
                                    [call = std::move(call)](wire::Reply reply) { send_reply(call, std::move(reply)); });
      });
  table.add_stream("/jina.JinaRPC/Call", [&handler](std::shared_ptr<ServerCall> call) {
    RequestContext& context = call->context();
    handler.call(context, std::move(call));
  });
  table.add_unary("/jina.JinaDataRequestRPC/process_data", [&handler](std::shared_ptr<ServerCall> call, Buffer message) {
    Result<std::vector<wire::DataRequest>> requests = wire::parse_request_list(message);
    if (!requests) return call->reply(std::move(requests).error(), {}, {});
    RequestContext& context = call->context();
    handler.process_data(context, std::move(*requests),
                         [call = std::move(call)](wire::Reply reply) { send_reply(call, std::move(reply)); });
  });
  table.add_unary("/jina.JinaSingleDocumentRequestRPC/stream_doc", [&handler](std::shared_ptr<ServerCall> call, Buffer message) {
    RequestContext& context = call->context();
    handler.stream_doc(context, std::move(message), std::move(call));
  });
  table.add_unary("/jina.JinaDiscoverEndpointsRPC/endpoint_discovery", [&handler](std::shared_ptr<ServerCall> call, Buffer) {
    RequestContext& context = call->context();
    handler.endpoint_discovery(context, [call = std::move(call)](Result<Buffer> result) { send_result(call, std::move(result)); });
  });
  table.add_unary("/jina.JinaInfoRPC/_status", [&handler](std::shared_ptr<ServerCall> call, Buffer) {
    RequestContext& context = call->context();
    handler.info(context, [call = std::move(call)](Result<Buffer> result) { send_result(call, std::move(result)); });
  });
  table.add_unary("/jina.JinaGatewayDryRunRPC/dry_run", [&handler](std::shared_ptr<ServerCall> call, Buffer) {
    RequestContext& context = call->context();
    handler.dry_run(context, [call = std::move(call)](Result<Buffer> result) { send_result(call, std::move(result)); });
  });
}

std::vector<std::string> jina_service_names() {
  return {"grpc.reflection.v1alpha.ServerReflection",
          "jina.JinaDataRequestRPC",
          "jina.JinaDiscoverEndpointsRPC",
          "jina.JinaGatewayDryRunRPC",
          "jina.JinaInfoRPC",
          "jina.JinaRPC",
          "jina.JinaSingleDataRequestRPC",
          "jina.JinaSingleDocumentRequestRPC"};
}

}  // namespace jina::grpc
