// The JSON that a Flow passes to its gateway: who sends to whom, where everybody is, under which conditions (wire facts, section
// 8).
//
// Thread: plain value. Lifetime: owns everything. Cancellation: none.
#pragma once
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <map>
#include <string>
#include <vector>

#include "flow/flow_spec.hpp"

namespace jina::flow {

struct TopologyArgs {
  boost::json::object graph_description{};
  boost::json::object graph_conditions{};
  boost::json::object deployments_addresses{};
  boost::json::object deployments_metadata{};
  boost::json::array deployments_no_reduce{};
};

/// Where the processes of a deployment are: "grpc://0.0.0.0:54321", one per replica (of a sharded one: its head).
using Addresses = std::map<std::string, std::vector<std::string>, std::less<>>;

TopologyArgs topology_args(const FlowSpec& flow, const Addresses& addresses);

}  // namespace jina::flow
