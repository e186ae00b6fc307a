#include "gateway/gateway_handler.hpp"

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "document/request_documents.hpp"
#include "protocol/ending_stream.hpp"
#include "streamer/request_streamer.hpp"
#include "wire/pb_writer.hpp"

namespace jina::gateway {

void GatewayHandler::process_single_data(RequestContext& context, wire::DataRequest request, wire::ReplyCallback done) {
  runner_.run(context, std::move(request), std::move(done));
}

void GatewayHandler::call(RequestContext& context, std::shared_ptr<protocol::RequestStream> stream) {
  streamer::StreamDefaults defaults;
  defaults.prefetch = options_.prefetch;
  streamer::stream_requests(runner_, context, std::move(stream), defaults);
}

void GatewayHandler::stream_doc(RequestContext& context, Buffer request, std::shared_ptr<protocol::RequestStream> stream) {
  // Header and routes have the same numbers as in a DataRequestProto; the Document, field 4, stands where `data` does.
  Result<wire::DataRequest> parsed = wire::DataRequest::parse(request);
  Result<wire::HeaderView> header = parsed ? wire::parse_header(parsed->header.view()) : Result<wire::HeaderView>(parsed.error());
  if (!header)
    return stream->finish({StatusCode::kInvalidArgument, "not a SingleDocumentRequestProto: " + header.error().message}, {});
  if (runner_.graph().origins().empty()) return stream->finish({}, {});
  if (metrics_ != nullptr) stream = protocol::tell_ending(std::move(stream), metrics_->watch_stream(request.size()));
  const std::string endpoint(header->exec_endpoint.value_or(""));
  std::string routes = parsed->routes.str();
  wire::append_route(routes, {"gateway", Clock::real().system_ns(), {}, {}});
  parsed->routes = Bytes::take(std::move(routes));
  Buffer message = parsed->serialize();
  gateway::stream_doc(endpoints_, executors_, runner_.graph(), context, endpoint, std::move(message), std::move(stream));
}

void GatewayHandler::endpoint_discovery(RequestContext& context, UniqueFunction<void(Result<Buffer>)> done) {
  executors_.discover(context, std::move(done));
}

void GatewayHandler::info(RequestContext& context, UniqueFunction<void(Result<Buffer>)> done) {
  if (options_.colocated.empty()) return RequestHandler::info(context, std::move(done));
  std::string names;
  for (const colocation::LocalExecutor& executor : options_.colocated)
    names += (names.empty() ? "" : ", ") + executor.deployment() + " (" + executor.options.uses + ")";
  std::string entry;
  wire::PbWriter(entry).bytes(1, "colocated");
  wire::PbWriter(entry).bytes(2, names);
  std::string message;  // one more entry of the map `jina`
  wire::PbWriter(message).bytes(1, entry);
  RequestHandler::info(context, [done = std::move(done), message = std::move(message)](Result<Buffer> info) mutable {
    if (info) info->append(Bytes::take(std::move(message)));
    done(std::move(info));
  });
}

void GatewayHandler::dry_run(RequestContext& context, UniqueFunction<void(Result<Buffer>)> done) {
  const std::string request_id = random_id();
  wire::HeaderFields header;
  header.request_id = request_id;
  header.exec_endpoint = "_jina_dry_run_";
  wire::DataRequest request;
  request.header = Bytes::take(wire::encode_header(header));
  request.has_header = true;
  set_documents(request, DocumentArray(1));
  runner_.run(context, std::move(request), [done = std::move(done)](wire::Reply reply) mutable {
    if (reply.status.ok()) return done(Buffer{});  // SUCCESS is the default; an Executor that raised was reached
    done(Buffer::take(wire::encode_error_status({reply.status.message, "InternalNetworkError"})));
  });
}

}  // namespace jina::gateway
