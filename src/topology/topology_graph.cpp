#include "topology/topology_graph.hpp"

#include <algorithm>

namespace jina::topology {

TopologyGraph::TopologyGraph(std::vector<GraphNode> nodes, std::vector<NodeIndex> origins, std::vector<NodeIndex> route_order)
    : nodes_(std::move(nodes)), origins_(std::move(origins)), route_order_(std::move(route_order)) {
  const auto awaited_among = [this](const std::vector<NodeIndex>& some) {
    return std::count_if(some.begin(), some.end(), [this](NodeIndex index) { return nodes_[index].awaited; });
  };
  is_chain_ = awaited_among(origins_) <= 1;
  for (const GraphNode& node : nodes_) {
    has_answering_node_ = has_answering_node_ || node.awaited;
    has_conditions_ = has_conditions_ || node.condition != nullptr;
    is_chain_ = is_chain_ && awaited_among(node.successors) + (node.is_last ? 1 : 0) <= 1 && node.inputs == 1;
  }
  is_chain_ = is_chain_ && !has_conditions_;
}

}  // namespace jina::topology
