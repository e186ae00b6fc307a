#include "topology/graph_run.hpp"

#include <spdlog/spdlog.h>

#include <utility>

#include "topology/document_steps.hpp"
#include "topology/route_record.hpp"

namespace jina::topology {

GraphRun::GraphRun(GraphRunner& runner, RequestContext& context, wire::DataRequest request, wire::ReplyCallback done)
    : runner_(runner), graph_(runner.graph_), client_(&context), done_(std::move(done)), request_(std::move(request)) {}

void GraphRun::start() {
  ++depth_;
  start_ns_ = now_ns_ = runner_.clock_.system_ns();
  if (Status status = read_request(); !status.ok()) {
    reply({.status = std::move(status)});
  } else {
    nodes_.resize(graph_->nodes().size());
    if (graph_->has_answering_node()) {
      deliver_to(graph_->origins(), kFromGateway, std::move(request_), start_ns_);
    } else {
      deliver_to(graph_->origins(), kFromGateway, wire::DataRequest(request_), start_ns_);
    }
  }
  settle();
}

// Keeps what later steps need of the client's request and makes of it what goes upstream.
Status GraphRun::read_request() {
  client_header_ = request_.header;
  client_parameters_ = request_.parameters;
  client_routes_ = request_.routes;
  Result<wire::HeaderView> header = wire::parse_header(client_header_.view());
  if (!header) return std::move(header).error();
  endpoint_ = header->exec_endpoint.value_or(std::string_view{});
  if (const std::string_view target = header->target_executor.value_or(std::string_view{});
      !target.empty() && !graph_->origins().empty()) {
    Result<std::shared_ptr<const TargetMatcher>> matcher = runner_.targets_.find(target);
    if (!matcher) return std::move(matcher).error();
    target_ = std::move(*matcher);
  }
  request_.header = wire::with_cleared_target_executor(client_header_, *header);
  request_.has_header = true;
  request_.routes = upstream_routes(client_routes_, start_ns_);
  if (graph_->has_conditions()) {
    Result<std::vector<std::string>> ids = document_ids(request_);
    if (!ids) return std::move(ids).error();
    document_order_ = std::move(*ids);
  }
  if (client_->trace.valid()) trace_ = client_->trace;
  if (!graph_->is_chain()) {
    child_ = std::make_unique<RequestContext>();
    child_->deadline = client_->deadline;
    child_->trace = client_->trace;
    client_cancelled_ = client_->on_cancel([this](CancelReason reason) { child_->cancel(reason); });
  }
  return {};
}

void GraphRun::deliver_to(const std::vector<NodeIndex>& nodes, NodeIndex from, wire::DataRequest&& input, std::int64_t now) {
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const bool awaited = graph_->node(nodes[i]).awaited;
    if (awaited ? client_ == nullptr : !may_float()) continue;
    if (i + 1 < nodes.size()) {
      deliver(nodes[i], from, wire::DataRequest(input), now);
    } else {
      deliver(nodes[i], from, std::move(input), now);
    }
  }
}

void GraphRun::deliver(NodeIndex index, NodeIndex from, wire::DataRequest&& input, std::int64_t now) {
  const GraphNode& node = graph_->node(index);
  NodeState& state = nodes_[index];
  state.last_input = from;
  if (++state.arrived < node.inputs) {
    state.inputs.push_back(std::move(input));
    return;
  }
  state.start_ns = now;
  if (target_ && !target_->matches(node.name)) {
    // Skipped: the input that came last goes on as it is.
    state.inputs.clear();
    pass_on(index, std::move(input), now);
  } else if (node.inputs == 1) {
    call(index, std::move(input));
  } else {
    state.inputs.push_back(std::move(input));
    call_join(index);
  }
}

// Parameters and Documents as this node is to get them.
Status GraphRun::prepare(const GraphNode& node, wire::DataRequest& request) const {
  Result<Bytes> parameters = parameters_for_executor(client_parameters_ ? *client_parameters_ : Bytes{}, node.name);
  if (!parameters) return std::move(parameters).error();
  request.parameters = std::move(*parameters);
  return node.condition ? filter_documents(request, *node.condition) : Status{};
}

RequestContext& GraphRun::context_of_call(const GraphNode& node) {
  ++(node.awaited ? awaited_calls_ : floating_calls_);
  if (!node.awaited) return *floating_;
  return child_ ? *child_ : *client_;
}

void GraphRun::call(NodeIndex index, wire::DataRequest&& request) {
  const GraphNode& node = graph_->node(index);
  if (Status status = prepare(node, request); !status.ok()) return node_failed(node, std::move(status));
  RequestContext& context = context_of_call(node);
  runner_.caller_.send(context, node.name, endpoint_, std::move(request),
                       [this, index](wire::Reply&& reply) { completed(index, std::move(reply)); });
}

void GraphRun::call_join(NodeIndex index) {
  const GraphNode& node = graph_->node(index);
  std::vector<wire::DataRequest> inputs = std::move(nodes_[index].inputs);
  for (wire::DataRequest& input : inputs)
    if (Status status = prepare(node, input); !status.ok()) return node_failed(node, std::move(status));
  if (!node.reduce) {
    RequestContext& context = context_of_call(node);
    runner_.caller_.send_list(context, node.name, endpoint_, std::move(inputs),
                              [this, index](wire::Reply&& reply) { completed(index, std::move(reply)); });
    return;
  }
  Result<Bytes> parameters = parameters_with_results_key(*inputs.front().parameters);
  if (!parameters) return node_failed(node, std::move(parameters).error());
  Result<wire::DataRequest> merged = reduce_requests(std::move(inputs));
  if (!merged) return node_failed(node, std::move(merged).error());
  merged->parameters = std::move(*parameters);
  RequestContext& context = context_of_call(node);
  runner_.caller_.send(context, node.name, endpoint_, std::move(*merged),
                       [this, index](wire::Reply&& reply) { completed(index, std::move(reply)); });
}

void GraphRun::completed(NodeIndex index, wire::Reply&& reply) {
  ++depth_;
  const GraphNode& node = graph_->node(index);
  NodeState& state = nodes_[index];
  --(node.awaited ? awaited_calls_ : floating_calls_);
  now_ns_ = 0;
  if (!reply.status.ok()) {
    node_failed(node, std::move(reply.status));
  } else if (client_ != nullptr || !node.awaited) {
    const std::int64_t now = now_ns_ = runner_.clock_.system_ns();
    state.end_ns = now;
    if (reply.response.parameters) results_.add(reply.response.parameters->view());
    if (find_value(reply.trailing, "is-error") == nullptr) {
      pass_on(index, std::move(reply.response), now);
    } else {
      state.failed = true;
      // The Executor's words; a header that does not parse leaves the route without them.
      if (const Result<wire::HeaderView> header = wire::parse_header(reply.response.header.view()))
        state.status = Bytes::copy_of(header->status);
      state.answer = std::move(reply.response);
    }
  }
  settle();
}

void GraphRun::node_failed(const GraphNode& node, Status status) {
  if (!node.awaited) {
    spdlog::debug("floating Executor {} failed: {}", node.name, status.to_string());
    return;
  }
  if (client_ == nullptr) return;
  reply({.status = std::move(status)});
  if (child_) child_->cancel(CancelReason::kSiblingFailed);
}

void GraphRun::pass_on(NodeIndex index, wire::DataRequest&& output, std::int64_t now) {
  const GraphNode& node = graph_->node(index);
  if (node.successors.empty()) {
    if (node.is_last && client_ != nullptr) nodes_[index].answer = std::move(output);
    return;
  }
  if (node.is_last && client_ != nullptr) nodes_[index].answer = output;
  deliver_to(node.successors, index, std::move(output), now);
}

bool GraphRun::may_float() {
  if (!may_float_) {
    may_float_ = runner_.floating_.size() < runner_.options_.max_floating_runs;
    if (*may_float_) {
      runner_.floating_.insert(this);
      floating_ = std::make_unique<RequestContext>();
      floating_->trace = trace_;
    } else {
      ++runner_.floating_skipped_;
    }
  }
  return *may_float_;
}

void GraphRun::cancel_floating() {
  ++depth_;
  now_ns_ = 0;
  if (floating_) floating_->cancel(CancelReason::kShutdown);
  settle();
}

// The first answer in graph order, as Jina picks it: that of a failed node or of a last one. A join is entered only by way of the
// input that came last.
wire::DataRequest* GraphRun::find_answer(NodeIndex index, NodeIndex from) {
  const GraphNode& node = graph_->node(index);
  NodeState& state = nodes_[index];
  if (!node.awaited || state.start_ns == 0 || state.last_input != from) return nullptr;
  if (state.failed) return &*state.answer;
  for (std::size_t i = 0; i <= node.successors.size(); ++i) {
    if (node.is_last && i == node.end_position && state.answer) return &*state.answer;
    if (i < node.successors.size())
      if (wire::DataRequest* found = find_answer(node.successors[i], index)) return found;
  }
  return nullptr;
}

void GraphRun::answer(std::int64_t now) {
  wire::Reply answer;
  wire::DataRequest* found = nullptr;
  for (const NodeIndex origin : graph_->origins())
    if ((found = find_answer(origin, kFromGateway)) != nullptr) break;
  if (found != nullptr) {
    answer.response = std::move(*found);
  } else {
    answer.response = std::move(request_);  // nobody to ask: the request is the answer
  }
  answer.status = complete_answer(answer.response, now);
  reply(std::move(answer));
}

Status GraphRun::complete_answer(wire::DataRequest& answer, std::int64_t now) {
  AnswerRoutes routes(client_routes_, start_ns_, now);
  for (const NodeIndex index : graph_->route_order()) {
    const NodeState& state = nodes_[index];
    if (state.start_ns == 0) continue;
    wire::Route route{.executor = graph_->node(index).name, .start_ns = state.start_ns};
    if (state.end_ns != 0) route.end_ns = state.end_ns;
    route.status = state.status.view();
    routes.add(route);
  }
  answer.routes = routes.take();
  answer.parameters = client_parameters_;
  if (!graph_->origins().empty() && !answer.parameters) answer.parameters.emplace();
  if (!results_.empty()) answer.parameters = results_.merge_into(*answer.parameters);
  return graph_->has_conditions() ? sort_documents(answer, document_order_) : Status{};
}

void GraphRun::reply(wire::Reply&& reply) {
  client_ = nullptr;
  client_cancelled_.reset();
  wire::ReplyCallback done = std::move(done_);
  done(std::move(reply));
}

void GraphRun::settle() {
  if (depth_ == 1 && client_ != nullptr && awaited_calls_ == 0) answer(now_ns_ != 0 ? now_ns_ : runner_.clock_.system_ns());
  if (--depth_ == 0 && client_ == nullptr && awaited_calls_ == 0 && floating_calls_ == 0) runner_.finished(this);
}

}  // namespace jina::topology
