// RequestHandler: the only interface through which a server reaches a Jina runtime. The gateway and the Executor implement it;
// protocol/grpc/jina_services binds its methods to the gRPC services of Jina, the HTTP and WebSocket fronts call it directly.
//
// Thread: each I/O thread has its own handler object; every call and every completion happens on that thread.
// Lifetime: the handler outlives the server that calls it. `context` lives until the completion ran; the completion runs exactly
// once, possibly before the call returns.
// Cancellation: through RequestContext::on_cancel; a cancelled call completes with CANCELLED or DEADLINE_EXCEEDED.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/buffer.hpp"
#include "base/unique_function.hpp"
#include "jina/request_context.hpp"
#include "jina/status.hpp"
#include "wire/reply.hpp"

namespace jina::protocol {

/// A stream of messages from the peer (bidirectional Call) and back, as the handler sees it. See grpc/server_call.hpp for the
/// gRPC implementation and websocket front for the other one.
class RequestStream {
 public:
  virtual ~RequestStream() = default;
  /// Asks for the next request; `on_next` gets it, or nullopt when the peer sent its last one. One read at a time.
  virtual void read(UniqueFunction<void(std::optional<Buffer>)> on_next) = 0;
  /// Queues an answer. Returns false when the stream is gone (cancelled or reset).
  virtual bool write(Buffer message) = 0;
  /// Bytes queued and not yet taken by the transport: the reader pauses while it is high.
  virtual std::size_t queued_bytes() const = 0;
  /// Calls back once queued_bytes() is low again (at once when it is).
  virtual void when_writable(UniqueFunction<void()> on_writable) = 0;
  /// Ends the stream after what is queued. Nothing may be called afterwards.
  virtual void finish(Status status, Metadata trailing) = 0;
};

class RequestHandler {
 public:
  virtual ~RequestHandler() = default;

  /// JinaSingleDataRequestRPC/process_single_data.
  virtual void process_single_data(RequestContext& context, wire::DataRequest request, wire::ReplyCallback done) = 0;

  /// JinaRPC/Call. The handler owns the stream until it called finish().
  virtual void call(RequestContext& context, std::shared_ptr<RequestStream> stream) = 0;

  /// JinaDataRequestRPC/process_data; UNIMPLEMENTED "Method not found!" by default (a gateway has none).
  virtual void process_data(RequestContext& context, std::vector<wire::DataRequest> requests, wire::ReplyCallback done);

  /// JinaSingleDocumentRequestRPC/stream_doc: `request` is an encoded SingleDocumentRequestProto, so are the messages written.
  virtual void stream_doc(RequestContext& context, Buffer request, std::shared_ptr<RequestStream> stream) = 0;

  /// JinaDiscoverEndpointsRPC/endpoint_discovery: an encoded EndpointsProto.
  virtual void endpoint_discovery(RequestContext& context, UniqueFunction<void(Result<Buffer>)> done) = 0;

  /// JinaInfoRPC/_status: an encoded JinaInfoProto; by default that of this process.
  virtual void info(RequestContext& context, UniqueFunction<void(Result<Buffer>)> done);

  /// JinaGatewayDryRunRPC/dry_run: an encoded StatusProto; UNIMPLEMENTED by default (an Executor has none).
  virtual void dry_run(RequestContext& context, UniqueFunction<void(Result<Buffer>)> done);
};

}  // namespace jina::protocol
