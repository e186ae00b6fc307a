// The part of a plan that is about Executors in the gateway's process (`colocate: true`): they have no process and no address, the
// gateway gets what it makes them from.
//
// Thread: for start-up. Lifetime: none. Cancellation: none.
#pragma once
#include <boost/json/object.hpp>

#include "flow/flow_spec.hpp"
#include "flow/launch_plan_draft.hpp"

namespace jina::flow {

/// What --colocate says of it. Errors do not name the item: Python and containers, external ones, shards, a file that is not there.
Result<boost::json::object> colocation_arguments(const DeploymentSpec& spec);

/// Adds the item to the gateway's and its row to the table.
Status plan_colocated(PlanDraft& draft, const DeploymentSpec& spec);

}  // namespace jina::flow
