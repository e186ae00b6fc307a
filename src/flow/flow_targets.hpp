// Where the processes of a Flow listen, as far as its file says it: for those who ask a Flow that runs.
//
// Thread: reads files. Lifetime: owns everything. Cancellation: none.
#pragma once
#include <string>
#include <vector>

#include "client/target.hpp"
#include "flow/flow_spec.hpp"

namespace jina::flow {

struct FlowTarget {
  std::string name;  ///< "gateway", "upper/rep-0"
  client::Target target{};
  bool gateway = false;
  bool custom = false;  ///< a gateway of the user's, which may not have what Jina's have
};

struct FlowTargets {
  std::vector<FlowTarget> known{};          ///< the gateway's first
  std::vector<std::string> without_port{};  ///< those whose port is chosen when the Flow starts
};

/// Executors in the gateway's process are part of that.
Result<FlowTargets> flow_targets(const FlowSpec& flow);

}  // namespace jina::flow
