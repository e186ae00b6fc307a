// drop_missing_docs(): whether the gateways of the user serve /docs is known only when they run; so they are asked, once.
//
// Thread: any; blocks for half a second at most for each. Lifetime: none. Cancellation: none.
#pragma once
#include <vector>

#include "flow/launch_plan.hpp"

namespace jina::cli {

/// Empties `docs` of the rows whose gateway has none.
void drop_missing_docs(std::vector<flow::EndpointRow>& rows);

}  // namespace jina::cli
