// --colocate: which Executors a gateway has in its own process, read and made ready to be built.
//
// Thread: main thread, at start. Lifetime: what is returned refers to the registry. Cancellation: none.
#pragma once
#include <boost/json/object.hpp>
#include <vector>

#include "cli/command.hpp"
#include "colocation/local_executor.hpp"
#include "jina/registry.hpp"
#include "jina/status.hpp"

namespace jina::cli {

/// `colocate`: deployment -> arguments of `jina executor` by name, {"uses": "upper.cpp", "uses_with": {...}}. Loads their modules
/// into `registry`, which outlives what is made. An error names the deployment and the argument.
Result<std::vector<colocation::LocalExecutor>> load_colocated(const Console& console, const boost::json::object& colocate,
                                                              Registry& registry);

}  // namespace jina::cli
