#include "topology/graph_builder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>
#include <set>

#include "topology/document_steps.hpp"

namespace jina::topology {
namespace {

namespace json = boost::json;

Status wrong(std::string_view argument, std::string message) {
  return {StatusCode::kInvalidArgument, fmt::format("{}: {}", argument, message)};
}

std::string_view view(const json::string& text) { return {text.data(), text.size()}; }

class Builder {
 public:
  explicit Builder(const GraphDescription& description) : description_(description) {}

  Result<std::shared_ptr<const TopologyGraph>> build() {
    for (const auto step :
         {&Builder::add_nodes, &Builder::add_edges, &Builder::find_cycle, &Builder::order_routes, &Builder::check_reachable,
          &Builder::check_addresses, &Builder::add_conditions, &Builder::add_no_reduce})
      if (Status status = (this->*step)(); !status.ok()) return status;
    return std::make_shared<const TopologyGraph>(std::move(nodes_), std::move(origins_), std::move(route_order_));
  }

 private:
  static constexpr std::string_view kGraph = "graph-description";

  bool has_address(std::string_view name) const {
    return description_.addresses.contains(json::string_view(name.data(), name.size()));
  }

  NodeIndex add_node(std::string_view name) {
    const auto [place, added] = index_.try_emplace(std::string(name), static_cast<NodeIndex>(nodes_.size()));
    if (added) nodes_.push_back({.name = std::string(name), .inputs = 0});
    return place->second;
  }

  Status add_nodes() {
    for (const auto& [key, successors] : description_.graph) {
      const std::string_view name(key.data(), key.size());
      if (!successors.is_array())
        return wrong(kGraph, fmt::format("the successors of \"{}\" have to be a list of names, as in {{\"{}\": [\"{}\"]}}", name,
                                         name, kEndGateway));
      for (const json::value& successor : successors.get_array()) {
        if (!successor.is_string())
          return wrong(kGraph, fmt::format("\"{}\" has a successor that is no text; write names in quotes", name));
        if (view(successor.get_string()) == kStartGateway)
          return wrong(kGraph, fmt::format("\"{}\" sends to \"{}\", where requests begin; did you mean \"{}\"?", name,
                                           kStartGateway, kEndGateway));
      }
      if (name == kEndGateway) {
        if (!successors.get_array().empty())
          return wrong(kGraph, fmt::format("\"{}\" is where requests end; it cannot have successors", kEndGateway));
      } else if (name != kStartGateway) {
        add_node(name);
      }
    }
    if (nodes_.size() >= std::numeric_limits<NodeIndex>::max()) return wrong(kGraph, "more than 65534 nodes");
    return {};
  }

  Status add_edges() {
    for (const auto& [key, successors] : description_.graph) {
      const std::string_view name(key.data(), key.size());
      if (name == kEndGateway) continue;
      std::set<std::string_view> seen;
      for (const json::value& successor : successors.get_array()) {
        const std::string_view next = view(successor.get_string());
        if (!seen.insert(next).second)
          return wrong(kGraph, fmt::format("\"{}\" names its successor \"{}\" twice; remove one", name, next));
        if (next == kEndGateway) {
          // A gateway alone answers with the request itself.
          if (name != kStartGateway) {
            GraphNode& node = nodes_[index_.at(std::string(name))];
            node.is_last = true;
            node.end_position = static_cast<NodeIndex>(node.successors.size());
          }
          continue;
        }
        auto known = index_.find(next);
        if (known == index_.end()) {
          if (!has_address(next))
            return wrong(kGraph, fmt::format("\"{}\" sends to \"{}\", which is unknown; add \"{}\": [\"{}\"] or correct the name",
                                             name, next, next, kEndGateway));
          // Known by its address alone: as in Jina, its answer goes to the client.
          nodes_[add_node(next)].is_last = true;
          known = index_.find(next);
        }
        ++nodes_[known->second].inputs;
        if (name == kStartGateway) {
          origins_.push_back(known->second);
        } else {
          nodes_[index_.at(std::string(name))].successors.push_back(known->second);
        }
      }
    }
    return {};
  }

  Status find_cycle() {
    std::vector<int> state(nodes_.size(), 0);  // 1: on the path, 2: done
    std::vector<NodeIndex> path;
    Status found;
    const auto visit = [&](const auto& self, NodeIndex at) -> bool {
      state[at] = 1;
      path.push_back(at);
      for (const NodeIndex next : nodes_[at].successors) {
        if (state[next] == 1) {
          std::string names;
          for (auto from = std::find(path.begin(), path.end(), next); from != path.end(); ++from)
            names += nodes_[*from].name + " -> ";
          found = wrong(kGraph, fmt::format("the nodes go in a circle: {}{}; remove one of these edges", names, nodes_[next].name));
          return false;
        }
        if (state[next] == 0 && !self(self, next)) return false;
      }
      path.pop_back();
      state[at] = 2;
      nodes_[at].awaited = nodes_[at].is_last || std::any_of(nodes_[at].successors.begin(), nodes_[at].successors.end(),
                                                             [this](NodeIndex next) { return nodes_[next].awaited; });
      return true;
    };
    for (NodeIndex at = 0; at < nodes_.size(); ++at)
      if (state[at] == 0 && !visit(visit, at)) return found;
    return {};
  }

  Status order_routes() {
    std::vector<bool> seen(nodes_.size(), false);
    const auto visit = [&](const auto& self, NodeIndex at) -> void {
      if (seen[at]) return;
      seen[at] = true;
      route_order_.push_back(at);
      for (const NodeIndex next : nodes_[at].successors) self(self, next);
    };
    for (const NodeIndex origin : origins_) visit(visit, origin);
    return {};
  }

  Status check_reachable() {
    if (route_order_.size() != nodes_.size()) {
      for (NodeIndex at = 0; at < nodes_.size(); ++at)
        if (std::find(route_order_.begin(), route_order_.end(), at) == route_order_.end())
          return wrong(kGraph, fmt::format("no request can reach \"{}\"; let \"{}\" or another node send to it, or remove it",
                                           nodes_[at].name, kStartGateway));
    }
    return {};
  }

  Status check_addresses() {
    if (!description_.check_addresses) return {};
    for (const GraphNode& node : nodes_)
      if (!has_address(node.name))
        return wrong("deployments-addresses",
                     fmt::format("\"{}\" has no address; add \"{}\": [\"grpc://host:port\"]", node.name, node.name));
    return {};
  }

  Status add_conditions() {
    for (const auto& [key, filter] : description_.conditions) {
      const auto known = index_.find(std::string_view(key.data(), key.size()));
      if (known == index_.end())
        return wrong("graph-conditions", fmt::format("\"{}\" is no node of the graph; correct the name or remove it",
                                                     std::string_view(key.data(), key.size())));
      if (filter.is_null() || (filter.is_object() && filter.get_object().empty())) continue;
      Result<std::shared_ptr<const NodeCondition>> condition = parse_condition(filter);
      if (!condition)
        return wrong("graph-conditions", fmt::format("\"{}\": {}", nodes_[known->second].name, condition.error().message));
      nodes_[known->second].condition = std::move(*condition);
    }
    return {};
  }

  Status add_no_reduce() {
    for (const json::value& name : description_.no_reduce) {
      if (!name.is_string()) return wrong("deployments-no-reduce", "has to be a list of names");
      const auto known = index_.find(view(name.get_string()));
      if (known != index_.end()) nodes_[known->second].reduce = false;
    }
    return {};
  }

  const GraphDescription& description_;
  std::vector<GraphNode> nodes_;
  std::map<std::string, NodeIndex, std::less<>> index_;
  std::vector<NodeIndex> origins_;
  std::vector<NodeIndex> route_order_;
};

}  // namespace

Result<std::shared_ptr<const TopologyGraph>> build_graph(const GraphDescription& description) {
  return Builder(description).build();
}

}  // namespace jina::topology
