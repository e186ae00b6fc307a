// build_graph: Jina's JSON arguments (wire facts, section 8) -> TopologyGraph, with everything checked that would otherwise fail
// request by request.
//
// Thread: free function. Lifetime: the graph owns all it needs. Cancellation: none.
#pragma once
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <memory>

#include "jina/status.hpp"
#include "topology/topology_graph.hpp"

namespace jina::topology {

struct GraphDescription {
  boost::json::object graph{};       ///< --graph-description: node -> successors
  boost::json::object conditions{};  ///< --graph-conditions: node -> filter
  boost::json::array no_reduce{};    ///< --deployments-no-reduce
  boost::json::object addresses{};   ///< --deployments-addresses; only looked at for the names that have one
  bool check_addresses = true;       ///< an Executor without address is an error
};

inline constexpr const char* kStartGateway = "start-gateway";
inline constexpr const char* kEndGateway = "end-gateway";

/// INVALID_ARGUMENT naming the argument, the node and what to do: a wrong type, an unknown successor, a cycle, a node that no
/// request can reach, one without an address, a condition that does not parse.
Result<std::shared_ptr<const TopologyGraph>> build_graph(const GraphDescription& description);

}  // namespace jina::topology
