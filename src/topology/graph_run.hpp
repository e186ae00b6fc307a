// GraphRun: one request on its way through the graph: which node has which of its inputs, what is in flight, when it started and
// ended; in the end the answer (wire facts, sections 4, 5 and 6).
//
// Thread: that of its GraphRunner. Lifetime: owns itself: deleted through the runner once the client has its answer and the last
// call, floating ones included, completed.
// Cancellation: the client's context cancels the awaited calls; a network failure answers at once and cancels the sibling calls.
#pragma once
#include <boost/container/small_vector.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "document/parameters.hpp"
#include "topology/graph_runner.hpp"

namespace jina::topology {

class GraphRun {
 public:
  GraphRun(GraphRunner& runner, RequestContext& context, wire::DataRequest request, wire::ReplyCallback done);
  GraphRun(const GraphRun&) = delete;
  GraphRun& operator=(const GraphRun&) = delete;

  void start();
  void cancel_floating();

 private:
  struct NodeState {
    std::int64_t start_ns = 0;  // 0: never reached
    std::int64_t end_ns = 0;
    NodeIndex arrived = 0;
    NodeIndex last_input = 0;                   // the predecessor whose input came last
    bool failed = false;                        // the Executor raised: nobody after it is called
    Bytes status{};                             // of a failed node, for its route
    std::vector<wire::DataRequest> inputs{};    // of a join, until all are there
    std::optional<wire::DataRequest> answer{};  // of a failed or last node
  };
  static constexpr NodeIndex kFromGateway = 0xffff;

  Status read_request();
  void deliver_to(const std::vector<NodeIndex>& nodes, NodeIndex from, wire::DataRequest&& input, std::int64_t now);
  void deliver(NodeIndex node, NodeIndex from, wire::DataRequest&& input, std::int64_t now);
  void call(NodeIndex node, wire::DataRequest&& request);
  void call_join(NodeIndex node);
  Status prepare(const GraphNode& node, wire::DataRequest& request) const;
  RequestContext& context_of_call(const GraphNode& node);
  void completed(NodeIndex node, wire::Reply&& reply);
  void node_failed(const GraphNode& node, Status status);
  void pass_on(NodeIndex node, wire::DataRequest&& output, std::int64_t now);
  bool may_float();

  wire::DataRequest* find_answer(NodeIndex node, NodeIndex from);
  void answer(std::int64_t now);
  Status complete_answer(wire::DataRequest& answer, std::int64_t now);
  void reply(wire::Reply&& reply);
  /// Answers if nothing is awaited any more; deletes the run if nothing is left to do. Last statement of every entry point. Calls
  /// that completed before they returned are entries within another one, which settles for them: more calls may follow.
  void settle();

  GraphRunner& runner_;
  std::shared_ptr<const TopologyGraph> graph_;
  RequestContext* client_;  // null once answered: the context is gone then
  wire::ReplyCallback done_;
  wire::DataRequest request_;  // until it was sent to the origins
  Bytes client_header_;
  std::optional<Bytes> client_parameters_;
  Bytes client_routes_;
  std::string_view endpoint_;  // in client_header_
  std::shared_ptr<const TargetMatcher> target_;
  boost::container::small_vector<NodeState, 1> nodes_;
  std::vector<std::string> document_order_;  // of the client, when the graph has conditions
  std::unique_ptr<RequestContext> child_;    // of awaited calls that may run side by side
  RequestContext::Registration client_cancelled_;
  std::unique_ptr<RequestContext> floating_;
  TraceContext trace_;        // the client's, which floating calls outlive
  ResultsCollector results_;  // what Executors returned under __results__
  std::int64_t start_ns_ = 0;
  std::int64_t now_ns_ = 0;  // as the last call completed; 0: not known
  std::size_t awaited_calls_ = 0;
  std::size_t floating_calls_ = 0;
  std::optional<bool> may_float_;
  int depth_ = 0;  // entry points on the stack: the run is deleted by the outermost
};

}  // namespace jina::topology
