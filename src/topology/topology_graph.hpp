// TopologyGraph: who sends to whom in a Flow, compiled once to indexes; every request walks it with a GraphRun of its own.
//
// Thread: immutable, shared by all threads. Lifetime: shared_ptr<const TopologyGraph>; a run keeps the graph it started with, so a
// new one can be put in place under load. Cancellation: none.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace jina::topology {

class NodeCondition;  // document_steps.hpp

using NodeIndex = std::uint16_t;

struct GraphNode {
  std::string name;                     ///< of the deployment; what routes, parameters and target_executor refer to
  std::vector<NodeIndex> successors{};  ///< in the order of the graph description; the end gateway is not among them
  NodeIndex inputs = 1;                 ///< how many have to arrive before the node is called
  bool is_last = false;                 ///< its answer goes to the client
  NodeIndex end_position = 0;           ///< of a last node: how many successors stand before the end gateway
  bool awaited = false;                 ///< leads to the client; the others are floating: called, never waited for
  bool reduce = true;                   ///< several inputs are merged into one; else they are sent side by side (process_data)
  std::shared_ptr<const NodeCondition> condition{};  ///< which Documents it gets; null: all
};

class TopologyGraph {
 public:
  /// REQUIRES: what graph_builder checks. `route_order` has every reachable node once.
  TopologyGraph(std::vector<GraphNode> nodes, std::vector<NodeIndex> origins, std::vector<NodeIndex> route_order);

  const std::vector<GraphNode>& nodes() const noexcept { return nodes_; }
  const GraphNode& node(NodeIndex index) const noexcept { return nodes_[index]; }
  /// The nodes that the gateway itself sends to, in order.
  const std::vector<NodeIndex>& origins() const noexcept { return origins_; }
  /// Depth first from the origins: the order of the routes in an answer. Its first node is the one that stream_doc calls.
  const std::vector<NodeIndex>& route_order() const noexcept { return route_order_; }
  /// One awaited call at a time, without joins and conditions.
  bool is_chain() const noexcept { return is_chain_; }
  /// False: nothing is waited for, the request is its own answer.
  bool has_answering_node() const noexcept { return has_answering_node_; }
  bool has_conditions() const noexcept { return has_conditions_; }

 private:
  std::vector<GraphNode> nodes_;
  std::vector<NodeIndex> origins_;
  std::vector<NodeIndex> route_order_;
  bool is_chain_ = true;
  bool has_answering_node_ = false;
  bool has_conditions_ = false;
};

}  // namespace jina::topology
