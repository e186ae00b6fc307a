// run_in_fork(): a pod of ours runs in a fork of this program, which has the user's classes linked in, instead of in the program
// `jina`.
//
// Thread: the child's main thread. Lifetime: none. Cancellation: SIGTERM ends it in order.
#pragma once
#include <functional>
#include <string>

#include "flow/launch_plan.hpp"
#include "jina/registry.hpp"

namespace jina::flow_api {

using AddClasses = std::function<void(Registry&)>;

/// Does nothing for a pod of another program than `own` (Python, an image).
void run_in_fork(flow::PodPlan& pod, const std::string& own, AddClasses add_classes, std::string header);

}  // namespace jina::flow_api
