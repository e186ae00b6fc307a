// The arguments of jina::Flow's functions as the keys of a Flow's YAML; what has its default is left out.
//
// Thread: pure. Lifetime: none. Cancellation: none.
#pragma once
#include <boost/json/object.hpp>

#include "jina/flow.hpp"

namespace jina::flow_api {

boost::json::object to_json(FlowOptions options);
boost::json::object to_json(GatewayArguments arguments);
boost::json::object to_json(ExecutorArguments arguments);

}  // namespace jina::flow_api
