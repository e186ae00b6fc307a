#include "executor/executor_handler.hpp"

#include "executor/document_answer.hpp"
#include "executor/endpoint_schemas.hpp"
#include "protocol/grpc/answer_stream.hpp"

namespace jina {
namespace {

// Every Jina Executor binds it, to a function that does nothing: a gateway's dry run arrives here.
constexpr std::string_view kDryRunEndpoint = "_jina_dry_run_";

}  // namespace

ExecutorHandler::ExecutorHandler(ExecutorHost& host) : host_(host) {
  std::vector<EndpointSchema> endpoints;
  for (const std::string& path : host.endpoints().paths()) {
    const Endpoint& endpoint = *host.endpoints().find_exact(path);
    endpoints.push_back({path, static_cast<bool>(endpoint.generator), endpoint.for_each});
  }
  if (host.endpoints().find_exact(kDryRunEndpoint) == nullptr) endpoints.push_back({std::string(kDryRunEndpoint)});
  endpoints_ = encode_endpoints(endpoints);
}

void ExecutorHandler::process_single_data(RequestContext& context, wire::DataRequest request, wire::ReplyCallback done) {
  std::vector<wire::DataRequest> requests;
  requests.push_back(std::move(request));
  process_data(context, std::move(requests), std::move(done));
}

void ExecutorHandler::process_data(RequestContext& context, std::vector<wire::DataRequest> requests, wire::ReplyCallback done) {
  if (requests.empty()) return done({{StatusCode::kInvalidArgument, "the list of requests is empty"}, {}, {}});
  Result<wire::HeaderView> header = wire::parse_header(requests.front().header.view());
  if (!header) return done({std::move(header).error(), {}, {}});
  const std::string_view path = header->exec_endpoint.value_or("");
  const Endpoint* endpoint = host_.endpoints().find_exact(path);
  const std::string_view span_name = endpoint == nullptr ? "/default" : path;
  const bool dry_run = endpoint == nullptr && path == kDryRunEndpoint;
  if (endpoint == nullptr && !dry_run) endpoint = host_.endpoints().find(path);
  if (ExecutorMetrics* metrics = host_.metrics()) {
    done = metrics->watch(path, endpoint != nullptr || dry_run, requests, std::move(done));
    if (dry_run) metrics->dry_run();
  }
  if (dry_run) {
    append_own_route(requests.front(), host_.names().deployment);
    return done({{}, std::move(requests.front()), {}});
  }
  // Not bound: the Documents pass through untouched, without being decoded.
  if (endpoint == nullptr) return done({{}, std::move(requests.front()), {}});
  host_.run(std::make_shared<RequestJob>(context, std::move(requests), *endpoint, host_.names(), std::move(done), &host_.tracer(),
                                         span_name));
}

void ExecutorHandler::call(RequestContext& context, std::shared_ptr<protocol::RequestStream> stream) {
  protocol::answer_stream(*this, context, std::move(stream));
}

void ExecutorHandler::stream_doc(RequestContext& context, Buffer request, std::shared_ptr<protocol::RequestStream> stream) {
  // A SingleDocumentRequestProto has the fields of a DataRequestProto; its document stays encoded.
  Result<wire::DataRequest> parsed = wire::DataRequest::parse(request);
  if (!parsed) return stream->finish(std::move(parsed).error(), {});
  Result<wire::HeaderView> header = wire::parse_header(parsed->header.view());
  if (!header) return stream->finish(std::move(header).error(), {});
  const std::string_view path = header->exec_endpoint.value_or("");
  const Endpoint* endpoint = host_.endpoints().find(path);
  if (endpoint != nullptr && endpoint->generator) {
    const std::string_view span_name = endpoint == host_.endpoints().find_exact(path) ? path : "/default";
    UniqueFunction<void(bool)> ended;
    if (ExecutorMetrics* metrics = host_.metrics()) ended = metrics->watch_stream(path, request.size());
    return answer_document(host_, context, *endpoint, std::string(span_name), std::move(*parsed), std::move(stream),
                           std::move(ended));
  }
  if (endpoint != nullptr) {
    static const EndpointFailure failure = EndpointFailure::of("ValueError", {"endpoint must be generator"});
    wire::set_status(*parsed, failure.encode({}));
  }
  stream->write(parsed->serialize());
  stream->finish({}, {});
}

void ExecutorHandler::endpoint_discovery(RequestContext&, UniqueFunction<void(Result<Buffer>)> done) { done(endpoints_); }

}  // namespace jina
