#include "connection_pool/connection_pool.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <set>

#include "base/letter_case.hpp"
#include "connection_pool/address.hpp"
#include "connection_pool/attempt.hpp"
#include "connection_pool/traced_stream.hpp"
#include "telemetry/propagation.hpp"
#include "telemetry/rpc_span.hpp"
#include "wire/encoded_size.hpp"

namespace jina {
namespace {

namespace json = boost::json;

// The list of a deployment, whether it stands alone or under its protocol.
const json::array* address_list(const json::value& value) {
  if (const json::array* list = value.if_array()) return list;
  const json::object* by_protocol = value.if_object();
  if (by_protocol == nullptr) return nullptr;
  for (const auto& entry : *by_protocol) {
    const std::string_view key = entry.key();
    if (key == "GRPC" || key == "grpc") return entry.value().if_array();
  }
  return nullptr;
}

Status wrong(std::string_view deployment, const std::string& why) {
  return {StatusCode::kInvalidArgument, "addresses of deployment '" + std::string(deployment) + "': " + why};
}

// Peers see the name that they were called by, and their certificates are checked against it.
std::unique_ptr<grpc::Channel> make_channel(boost::asio::io_context& io, const ReplicaAddress& where, bool tls,
                                            grpc::Compression compression) {
  grpc::ChannelOptions channel;
  channel.tls = tls;
  channel.compression = compression;
  if (where.name != where.address) channel.authority = where.name;
  return std::make_unique<grpc::Channel>(io, where.address, channel);
}

}  // namespace

Result<Metadata> deployment_metadata(const json::object& all, std::string_view deployment) {
  Metadata metadata;
  const json::value* value = all.if_contains(json::string_view(deployment.data(), deployment.size()));
  if (value == nullptr) return metadata;
  if (!value->is_object()) return wrong(deployment, "its metadata is no object of strings");
  for (const auto& pair : value->get_object()) {
    metadata.emplace_back(lower_case(pair.key()), pair.value().is_string()
                                                      ? std::string(std::string_view(pair.value().get_string()))
                                                      : json::serialize(pair.value()));
  }
  return metadata;
}

Result<std::unique_ptr<ConnectionPool>> ConnectionPool::make(boost::asio::io_context& io, PoolOptions options) {
  std::unique_ptr<ConnectionPool> pool(new ConnectionPool(io, std::move(options)));
  const auto compression = pool->options_.compression;
  for (const auto& entry : pool->options_.addresses) {
    const json::array* list = address_list(entry.value());
    if (list == nullptr || list->empty()) return wrong(entry.key(), "expected a list of addresses, or an object with the key GRPC");
    Deployment deployment;
    deployment.name = std::string(entry.key());
    std::vector<std::string> addresses;
    std::set<std::string> with_tls;
    for (const json::value& item : *list) {
      if (!item.is_string()) return wrong(entry.key(), "an address is a string like grpc://host:port");
      Result<ExecutorAddress> address = parse_executor_address(std::string_view(item.get_string()));
      if (!address) return wrong(entry.key(), address.error().message);
      if (address->tls) with_tls.insert(address->host_port);
      addresses.push_back(address->host_port);
      deployment.replicas.add(address->host_port,
                              make_channel(io, {address->host_port, address->host_port}, address->tls, compression));
    }
    Result<Metadata> metadata = deployment_metadata(pool->options_.metadata, entry.key());
    if (!metadata) return std::move(metadata).error();
    deployment.metadata = std::move(*metadata);
    std::string name = deployment.name;
    Deployment& placed = pool->deployments_.emplace(std::move(name), std::move(deployment)).first->second;
    if (std::none_of(addresses.begin(), addresses.end(), is_watched_name)) continue;
    auto make = [&io, with_tls = std::move(with_tls), compression](const ReplicaAddress& where) {
      return make_channel(io, where, with_tls.contains(where.name), compression);
    };
    placed.watch = std::make_unique<DnsWatch>(io, placed.replicas, std::move(addresses), std::move(make), pool->options_.dns);
  }
  return pool;
}

ConnectionPool::ConnectionPool(boost::asio::io_context& io, PoolOptions options) : io_(io), options_(std::move(options)) {
  if (options_.metrics) metrics_ = std::make_unique<metrics::CallMetrics>(*options_.metrics, options_.runtime_name);
}

std::vector<std::string> ConnectionPool::deployments() const {
  std::vector<std::string> names;
  for (const auto& [name, deployment] : deployments_) names.push_back(name);
  return names;
}

const ReplicaList* ConnectionPool::replicas(std::string_view deployment) const noexcept {
  const auto found = deployments_.find(deployment);
  return found == deployments_.end() ? nullptr : &found->second.replicas;
}

ConnectionPool::Deployment* ConnectionPool::find(std::string_view name) noexcept {
  const auto found = deployments_.find(name);
  return found == deployments_.end() ? nullptr : &found->second;
}

int ConnectionPool::tries(const Deployment& deployment) const noexcept {
  if (options_.retries >= 0) return 1 + options_.retries;
  return 1 + std::max(3, static_cast<int>(deployment.replicas.size()));
}

grpc::CallOptions ConnectionPool::call_options(const RequestContext& context, const TraceContext& trace,
                                               const Deployment& deployment, std::string_view endpoint, SteadyTime now) const {
  grpc::CallOptions call;
  call.metadata.reserve(deployment.metadata.size() + 3);
  call.metadata = deployment.metadata;
  if (!endpoint.empty()) call.metadata.emplace_back("endpoint", endpoint);
  telemetry::inject(trace, call.metadata);
  if (options_.timeout_send && options_.timeout_send->count() >= 0) call.deadline = now + *options_.timeout_send;
  if (context.deadline && (!call.deadline || *context.deadline < *call.deadline)) call.deadline = context.deadline;
  return call;
}

Span ConnectionPool::start_span(const RequestContext& context, const Deployment& deployment, std::string_view endpoint,
                                std::string_view path, const TriedReplicas& tried) const {
  if (!options_.tracer.enabled()) return {};
  Span span = telemetry::start_client_span(options_.tracer, path, context.trace);
  if (!span) return span;
  span.set_attribute("jina.deployment", deployment.name);
  span.set_attribute("jina.address", tried.back()->address);
  span.set_attribute("jina.try", tried.size());
  if (!endpoint.empty()) span.set_attribute("jina.endpoint", endpoint);
  return span;
}

void ConnectionPool::start(RequestContext& context, std::string_view deployment, std::string_view endpoint, std::string_view path,
                           Buffer message, AttemptDone done, std::unique_ptr<metrics::CallWatch> watch) {
  Deployment* found = find(deployment);
  if (found == nullptr) {
    // The completion never runs inside the call that starts it.
    boost::asio::post(io_, [done = std::move(done), name = std::string(deployment)]() mutable {
      Status status{StatusCode::kUnavailable,
                    "there is no address for deployment '" + name + "'; add it to the deployments' addresses"};
      if (auto* as_it_came = std::get_if<0>(&done)) {
        (*as_it_came)({.status = std::move(status)});
      } else {
        std::get<1>(done)({.status = std::move(status)});
      }
    });
    return;
  }
  std::make_shared<Attempt>(*this, *found, context, endpoint, path, std::move(message), std::move(done), std::move(watch))->start();
}

void ConnectionPool::call(RequestContext& context, std::string_view deployment, std::string_view endpoint, std::string_view path,
                          Buffer message, UniqueFunction<void(grpc::UnaryReply)> done) {
  start(context, deployment, endpoint, path, std::move(message), std::move(done));
}

void ConnectionPool::send(RequestContext& context, std::string_view deployment, std::string_view endpoint,
                          wire::DataRequest&& request, wire::ReplyCallback done) {
  Buffer message = request.serialize();
  std::unique_ptr<metrics::CallWatch> watch;
  if (metrics_) watch = std::make_unique<metrics::CallWatch>(*metrics_, std::vector<std::size_t>{message.size()});
  start(context, deployment, endpoint, "/jina.JinaSingleDataRequestRPC/process_single_data", std::move(message), std::move(done),
        std::move(watch));
}

void ConnectionPool::send_list(RequestContext& context, std::string_view deployment, std::string_view endpoint,
                               std::vector<wire::DataRequest> requests, wire::ReplyCallback done) {
  std::unique_ptr<metrics::CallWatch> watch;
  if (metrics_) {
    std::vector<std::size_t> sizes;
    for (const wire::DataRequest& request : requests) sizes.push_back(wire::encoded_size(request, true));
    watch = std::make_unique<metrics::CallWatch>(*metrics_, std::move(sizes));
  }
  start(context, deployment, endpoint, "/jina.JinaDataRequestRPC/process_data", wire::serialize_request_list(requests),
        std::move(done), std::move(watch));
}

std::shared_ptr<grpc::ClientStream> ConnectionPool::open(const RequestContext& context, const Deployment& deployment,
                                                         std::string_view endpoint, std::string_view path, Replica& replica,
                                                         const TriedReplicas& tried) const {
  Span span = start_span(context, deployment, endpoint, path, tried);
  const TraceContext& trace = options_.tracer.enabled() ? span.context() : context.trace;
  auto stream = replica.channel->open(path, call_options(context, trace, deployment, endpoint, now()));
  if (!span && !metrics_) return stream;
  std::unique_ptr<metrics::CallWatch> watch;
  if (metrics_) watch = std::make_unique<metrics::CallWatch>(*metrics_, std::vector<std::size_t>{});
  return std::make_shared<TracedStream>(std::move(stream), std::move(span), std::move(watch));
}

Status ConnectionPool::explain(const Status& status, std::string_view deployment, const TriedReplicas& tried) const {
  if (options_.explain != nullptr) return options_.explain(status, deployment, tried);
  const std::string name(deployment);
  const std::string set = as_python_set(tried);
  switch (status.code) {
    case StatusCode::kUnavailable:
      return {status.code, status.message + " |Gateway: Communication error with deployment " + name + " at address(es) " + set +
                               ". Head or worker(s) may be down."};
    case StatusCode::kDeadlineExceeded:
      return {status.code, status.message + "|Gateway: Connection with deployment " + name + " at address(es) " + set +
                               " could be established, but timed out. You can increase the allowed time by setting `timeout_send` "
                               "in your Flow YAML `with` "
                               "block or Flow `__init__()` method."};
    case StatusCode::kNotFound:
      return {status.code, status.message + "\n|Gateway: Connection error with deployment `" + name + "` at address(es) " + set +
                               ". Connection with " + set + " succeeded, but `" + name + "` was not found. Possibly `" + name +
                               "` is behind an API gateway but not reachable."};
    default:
      // Jina hides the cause here; the code is the one its clients know.
      return {StatusCode::kUnknown, "deployment " + name + " at address(es) " + set + " answered " + status.to_string()};
  }
}

void ConnectionPool::close() {
  closed_ = true;
  // They try at once, and hear that the channels are closed.
  for (Tries* tries : pausing_) tries->wake();
  for (auto& [name, deployment] : deployments_) {
    if (deployment.watch) deployment.watch->close();
    for (const auto& replica : deployment.replicas.all()) replica->channel->close();
  }
}

}  // namespace jina
