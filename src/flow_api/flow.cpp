#include "jina/flow.hpp"

#include <cstdlib>
#include <optional>

#include "config/load.hpp"
#include "flow_api/arguments_json.hpp"
#include "flow_api/flow_impl.hpp"
#include "flow_api/stop_signals.hpp"

namespace jina {

namespace json = boost::json;
using flow_api::Failure;

namespace {

FlowFailed failed(Failure failure) {
  return FlowFailed({StatusCode::kUnavailable, std::move(failure.sentence)}, std::move(failure.last_errors));
}

void set(config::Node& map, const char* key, config::Node value) {
  map.take(key);
  map.entries.push_back({key, {}, std::move(value)});
}

}  // namespace

config::Node& flow_api::entry_of(config::Node& map, const char* key, config::Node made) {
  if (auto* found = map.find(key); found != nullptr && !found->is_null()) return *found;
  map.take(key);
  map.entries.push_back({key, {}, std::move(made)});
  return map.entries.back().value;
}

FlowFailed::FlowFailed(Status status, std::vector<std::string> last_errors)
    : std::runtime_error(status.message), status_(std::move(status)), last_errors_(std::move(last_errors)) {}
FlowFailed::~FlowFailed() = default;

Flow::Flow(FlowOptions options, const char* header) : impl_(std::make_unique<Impl>()) {
  impl_->header = header;
  impl_->options = options;
  std::error_code error;
  impl_->document.directory = std::filesystem::current_path(error);
  json::object root{{"jtype", "Flow"}, {"version", "1"}};
  if (auto with = flow_api::to_json(std::move(options)); !with.empty()) root["with"] = std::move(with);
  impl_->document.root = config::Node::of_json(root);
}

Flow::~Flow() {
  if (impl_) close();
}
Flow::Flow(Flow&&) noexcept = default;
Flow& Flow::operator=(Flow&& other) noexcept {
  std::swap(impl_, other.impl_);
  return *this;
}

Flow Flow::load_config(const std::filesystem::path& file, const char* header) {
  auto document = config::load_file(file);
  if (!document) throw FlowFailed(document.error());
  Flow flow(FlowOptions(), header);
  flow.impl_->document = std::move(*document);
  return flow;
}

Flow Flow::load_config_text(std::string_view yaml, const char* header) {
  std::error_code error;
  auto document = config::load_text(yaml, "", std::filesystem::current_path(error));
  if (!document) throw FlowFailed(document.error());
  Flow flow(FlowOptions(), header);
  flow.impl_->document = std::move(*document);
  return flow;
}

Flow& Flow::config_gateway(GatewayArguments arguments) {
  auto& gateway = flow_api::entry_of(impl_->document.root, "gateway", config::Node::of_map({}));
  for (const auto& [key, value] : flow_api::to_json(std::move(arguments)))
    set(gateway, std::string(key).c_str(), config::Node::of_json(value));
  return *this;
}

Flow& Flow::add_item(const char* method, ExecutorArguments arguments) {
  json::object item = flow_api::to_json(std::move(arguments));
  if (method != nullptr) item["method"] = method;
  impl_->executors().items.push_back(config::Node::of_json(item));
  return *this;
}

Flow& Flow::add(ExecutorArguments arguments) { return add_item(nullptr, std::move(arguments)); }
Flow& Flow::inspect(ExecutorArguments arguments) { return add_item("inspect", std::move(arguments)); }

Flow& Flow::needs(std::vector<std::string> needs, std::string name) {
  ExecutorArguments joiner;
  joiner.name = std::move(name);
  joiner.needs = std::move(needs);
  return add_item("needs", std::move(joiner));
}

Flow& Flow::needs_all(std::string name) {
  ExecutorArguments joiner;
  joiner.name = std::move(name);
  return add_item("needs_all", std::move(joiner));
}

Flow& Flow::expose_endpoint(std::string endpoint, json::object route) {
  auto& gateway = flow_api::entry_of(impl_->document.root, "gateway", config::Node::of_map({}));
  auto& exposed = flow_api::entry_of(gateway, "expose_endpoints", config::Node::of_map({}));
  set(exposed, endpoint.c_str(), config::Node::of_json(route));
  return *this;
}

void Flow::add_class(std::string_view kind, const std::string& name, std::function<void(Registry&)> add) {
  // The same class twice is one class; another one of the same name is told so by the registry, before anything starts.
  impl_->classes.insert_or_assign(std::string(kind) + " " + name, std::move(add));
}

void Flow::start() {
  if (impl_->supervisor) throw FlowFailed({StatusCode::kFailedPrecondition, "this Flow is started already"});
  if (auto single = flow_api::Supervisor::check_single_thread(); !single.ok()) throw FlowFailed(std::move(single));
  auto restart = flow::RestartPolicy::kOnFailure;
  if (const auto& wanted = impl_->options.restart; !wanted.empty()) {
    const auto policy = flow::parse_restart_policy(wanted);
    if (!policy) throw FlowFailed({StatusCode::kInvalidArgument, "restart: '" + wanted + "' is none of on-failure, never"});
    restart = *policy;
  }
  auto plan = impl_->plan();
  if (!plan) throw FlowFailed(plan.error());
  std::vector<flow::EndpointRow> gateway;
  for (const auto& row : plan->endpoints)
    if (row.name == "gateway") gateway.push_back(row);
  impl_->supervisor.emplace();
  if (auto status = impl_->supervisor->start(std::move(*plan), impl_->options.quiet, restart); !status.ok()) {
    impl_->supervisor.reset();
    throw FlowFailed(std::move(status));
  }
  if (auto failure = impl_->supervisor->wait_until_ready()) {
    impl_->supervisor.reset();
    throw failed(std::move(*failure));
  }
  impl_->gateway = std::move(gateway);
}

void Flow::block() {
  if (!impl_->supervisor)
    throw FlowFailed({StatusCode::kFailedPrecondition, "block() waits for a Flow that is started: call start() first"});
  std::optional<Failure> failure;
  {
    const flow_api::StopSignals signals;
    while (!signals.came() && !failure) failure = impl_->supervisor->failure(-1, signals.file());
    close();
  }
  if (failure) throw failed(std::move(*failure));
}

void Flow::close() noexcept {
  impl_->client.reset();
  impl_->supervisor.reset();
  impl_->gateway.clear();
}

bool Flow::running() const { return impl_->supervisor && !impl_->supervisor->failure(0); }

std::vector<std::uint16_t> Flow::ports() const {
  std::vector<std::uint16_t> out;
  for (const auto& row : impl_->gateway) {
    const auto colon = row.url.rfind(':');
    out.push_back(static_cast<std::uint16_t>(std::strtoul(row.url.c_str() + colon + 1, nullptr, 10)));
  }
  return out;
}

std::uint16_t Flow::port() const {
  const auto all = ports();
  return all.empty() ? std::uint16_t{0} : all.front();
}

std::vector<std::string> Flow::protocols() const {
  std::vector<std::string> out;
  for (const auto& row : impl_->gateway) out.push_back(row.protocol);
  return out;
}

std::string Flow::protocol() const { return impl_->gateway.empty() ? std::string() : impl_->gateway.front().protocol; }
std::string Flow::url() const { return impl_->gateway.empty() ? std::string() : impl_->gateway.front().url; }

Client& Flow::client() {
  if (impl_->gateway.empty()) throw FlowFailed({StatusCode::kFailedPrecondition, "the Flow is not started: call start() first"});
  if (!impl_->client) impl_->client = std::make_unique<Client>(url());
  return *impl_->client;
}

}  // namespace jina
