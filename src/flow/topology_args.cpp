#include "flow/topology_args.hpp"

namespace jina::flow {

namespace json = boost::json;

TopologyArgs topology_args(const FlowSpec& flow, const Addresses& addresses) {
  TopologyArgs out;
  const auto node = [&](const std::string& name) -> json::array& {
    auto& value = out.graph_description[name == "gateway" ? "start-gateway" : name];
    if (!value.is_array()) value = json::array{};
    return value.get_array();
  };
  for (const auto& spec : flow.deployments) {
    node(spec.name);
    for (const auto& need : spec.needs) node(need).push_back(json::value(json::string(spec.name)));
  }
  if (flow.last != "gateway") node(flow.last).push_back("end-gateway");

  for (const auto& spec : flow.deployments) {
    json::array where;
    if (const auto found = addresses.find(spec.name); found != addresses.end())
      for (const auto& address : found->second) where.push_back(json::value(json::string(address)));
    if (!spec.colocate()) out.deployments_addresses[spec.name] = std::move(where);
    if (spec.options.is_set("when")) out.graph_conditions[spec.name] = spec.options.get("when");
    if (spec.options.is_set("grpc-metadata")) out.deployments_metadata[spec.name] = spec.options.get("grpc-metadata");
    if (spec.flag("no-reduce")) out.deployments_no_reduce.push_back(json::value(json::string(spec.name)));
  }
  return out;
}

}  // namespace jina::flow
