#include "gateway/executor_router.hpp"

#include <algorithm>
#include <utility>

#include "connection_pool/document_relay.hpp"
#include "connection_pool/endpoint_discovery.hpp"

namespace jina::gateway {

std::vector<std::string> ExecutorRouter::names() const {
  std::vector<std::string> names = pool_.deployments();
  if (local_ == nullptr) return names;
  for (std::string& name : local_->names()) names.push_back(std::move(name));
  std::sort(names.begin(), names.end());
  return names;
}

void ExecutorRouter::send(RequestContext& context, std::string_view deployment, std::string_view endpoint,
                          wire::DataRequest&& request, wire::ReplyCallback done) {
  if (is_local(deployment)) return local_->send(context, deployment, endpoint, std::move(request), std::move(done));
  pool_.send(context, deployment, endpoint, std::move(request), std::move(done));
}

void ExecutorRouter::send_list(RequestContext& context, std::string_view deployment, std::string_view endpoint,
                               std::vector<wire::DataRequest> requests, wire::ReplyCallback done) {
  if (is_local(deployment)) return local_->send_list(context, deployment, endpoint, std::move(requests), std::move(done));
  pool_.send_list(context, deployment, endpoint, std::move(requests), std::move(done));
}

void ExecutorRouter::stream_doc(RequestContext& context, const std::string& deployment, const std::string& endpoint, Buffer request,
                                std::shared_ptr<protocol::RequestStream> stream) {
  if (is_local(deployment)) return local_->stream_doc(context, deployment, std::move(request), std::move(stream));
  relay_documents(pool_, context, deployment, endpoint, std::move(request), std::move(stream));
}

void ExecutorRouter::ask_endpoints(RequestContext& context, const std::string& deployment,
                                   UniqueFunction<void(Result<Buffer>)> done) {
  if (is_local(deployment)) return local_->discover(context, deployment, std::move(done));
  jina::ask_endpoints(pool_, context, deployment, std::move(done));
}

void ExecutorRouter::discover(RequestContext& context, UniqueFunction<void(Result<Buffer>)> done) {
  auto ask = [this, &context](const std::string& deployment, UniqueFunction<void(Result<Buffer>)> answered) {
    ask_endpoints(context, deployment, std::move(answered));
  };
  discover_endpoints(std::move(ask), names(), std::move(done));
}

void ExecutorRouter::close() {
  pool_.close();
  if (local_ != nullptr) local_->close();
}

void ExecutorRouter::when_idle(UniqueFunction<void()> done) {
  if (local_ == nullptr) return done();
  local_->when_idle(std::move(done));
}

EndpointTable make_endpoint_table(boost::asio::io_context& io, const topology::TopologyGraph& graph, ExecutorRouter& executors) {
  std::vector<std::string> names;
  for (const topology::NodeIndex node : graph.route_order()) names.push_back(graph.node(node).name);
  return {io, std::move(names), [&executors](RequestContext& context, const std::string& deployment, auto done) {
            executors.ask_endpoints(context, deployment, std::move(done));
          }};
}

void stream_doc(EndpointTable& endpoints, ExecutorRouter& executors, const topology::TopologyGraph& graph, RequestContext& context,
                const std::string& endpoint, Buffer request, std::shared_ptr<protocol::RequestStream> stream) {
  const std::string& first = graph.node(graph.origins().front()).name;
  if (graph.nodes().size() == 1) return executors.stream_doc(context, first, endpoint, std::move(request), std::move(stream));
  // Nobody streams it, or that is not known: the first one says what is to be said.
  endpoints.find(endpoint, [&executors, &context, first, endpoint, request = std::move(request),
                            stream = std::move(stream)](EndpointTable::Answer found) mutable {
    if (context.cancelled()) return stream->finish({StatusCode::kCancelled, "the client is gone"}, {});
    const bool streams = found.endpoint && found.endpoint->streams;
    executors.stream_doc(context, streams ? found.endpoint->deployment : first, endpoint, std::move(request), std::move(stream));
  });
}

}  // namespace jina::gateway
