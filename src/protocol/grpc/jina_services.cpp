// Binds a RequestHandler to the gRPC services of Jina (wire facts, section 2).
#include "protocol/grpc/server.hpp"

namespace jina::grpc {
namespace {

using protocol::RequestHandler;

// The messages of a DataRequestListProto (field 1, repeated DataRequestProto).
Result<std::vector<wire::DataRequest>> parse_list(const Buffer& message) {
  std::vector<wire::DataRequest> requests;
  const Bytes bytes = message.flatten();
  const std::string_view text = bytes.view();
  std::size_t at = 0;
  const auto varint = [&](std::uint64_t& value) {
    value = 0;
    for (int shift = 0; shift < 64 && at < text.size(); shift += 7) {
      const auto byte = static_cast<unsigned char>(text[at++]);
      value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
      if ((byte & 0x80) == 0) return true;
    }
    return false;
  };
  while (at < text.size()) {
    constexpr std::uint64_t kRequestsTag = 1 << 3 | 2;
    std::uint64_t tag = 0;
    std::uint64_t size = 0;
    const std::size_t start = at;
    if (!varint(tag) || tag != kRequestsTag || !varint(size) || size > text.size() - at)
      return Status{StatusCode::kInvalidArgument, "not a DataRequestListProto: bad field at byte " + std::to_string(start)};
    Result<wire::DataRequest> request = wire::DataRequest::parse(Buffer(bytes.slice(at, size)));
    if (!request) return std::move(request).error();
    requests.push_back(std::move(*request));
    at += size;
  }
  return requests;
}

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
  table.add_unary("/jina.JinaSingleDataRequestRPC/process_single_data", [&handler](std::shared_ptr<ServerCall> call, Buffer message) {
    Result<wire::DataRequest> request = wire::DataRequest::parse(message);
    if (!request) return call->reply(std::move(request).error(), {}, {});
    RequestContext& context = call->context();
    handler.process_single_data(context, std::move(*request), [call = std::move(call)](wire::Reply reply) { send_reply(call, std::move(reply)); });
  });
  table.add_stream("/jina.JinaRPC/Call", [&handler](std::shared_ptr<ServerCall> call) {
    RequestContext& context = call->context();
    handler.call(context, std::move(call));
  });
  table.add_unary("/jina.JinaDataRequestRPC/process_data", [&handler](std::shared_ptr<ServerCall> call, Buffer message) {
    Result<std::vector<wire::DataRequest>> requests = parse_list(message);
    if (!requests) return call->reply(std::move(requests).error(), {}, {});
    RequestContext& context = call->context();
    handler.process_data(context, std::move(*requests), [call = std::move(call)](wire::Reply reply) { send_reply(call, std::move(reply)); });
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
