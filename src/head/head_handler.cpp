#include "head/head_handler.hpp"

#include "connection_pool/document_relay.hpp"
#include "connection_pool/endpoint_discovery.hpp"
#include "head/head_run.hpp"
#include "protocol/ending_stream.hpp"
#include "protocol/grpc/answer_stream.hpp"

namespace jina::head {

void HeadHandler::process_single_data(RequestContext& context, wire::DataRequest request, wire::ReplyCallback done) {
  std::vector<wire::DataRequest> requests;
  requests.push_back(std::move(request));
  process_data(context, std::move(requests), std::move(done));
}

void HeadHandler::process_data(RequestContext& context, std::vector<wire::DataRequest> requests, wire::ReplyCallback done) {
  if (requests.empty()) return done({.status = {StatusCode::kInvalidArgument, "the list of requests is empty"}});
  Result<wire::HeaderView> header = wire::parse_header(requests.front().header.view());
  if (!header) return done({.status = std::move(header).error()});
  if (metrics_ != nullptr) done = metrics_->watch(requests, std::move(done));
  const std::string* told = find_value(context.metadata, "endpoint");
  const Poll poll = polling_.of(told != nullptr ? std::string_view(*told) : header->exec_endpoint.value_or(""));
  std::make_shared<HeadRun>(shards_, context, std::move(requests), poll, reduce_, std::move(done))->start();
}

void HeadHandler::call(RequestContext& context, std::shared_ptr<protocol::RequestStream> stream) {
  protocol::answer_stream(*this, context, std::move(stream));
}

void HeadHandler::stream_doc(RequestContext& context, Buffer request, std::shared_ptr<protocol::RequestStream> stream) {
  if (shards_.has_before() || shards_.has_after())
    return stream->finish({StatusCode::kUnimplemented,
                           "stream_doc: this head has uses_before or uses_after, which a stream of Documents would pass by; send "
                           "the request to a shard itself, or do without them"},
                          {});
  if (metrics_ != nullptr) stream = protocol::tell_ending(std::move(stream), metrics_->watch_stream(request.size()));
  relay_documents(shards_.pool(), context, shards_.next(), "", std::move(request), std::move(stream));
}

void HeadHandler::endpoint_discovery(RequestContext& context, UniqueFunction<void(Result<Buffer>)> done) {
  std::vector<std::string> asked;
  if (shards_.has_before()) asked.emplace_back(kUsesBefore);
  if (shards_.has_after()) asked.emplace_back(kUsesAfter);
  asked.push_back(shards_.next());
  discover_endpoints(shards_.pool(), context, std::move(asked), std::move(done));
}

}  // namespace jina::head
