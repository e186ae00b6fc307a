// What can be wrong with the graph of a Flow: needs that nobody is, circles, Executors that no request reaches, answers that nobody
// gets.
//
// Thread: plain functions. Lifetime: none. Cancellation: none.
#pragma once
#include "flow/flow_spec.hpp"

namespace jina::flow {

void check_graph(const FlowSpec& flow, config::Diagnostics& diagnostics);

}  // namespace jina::flow
