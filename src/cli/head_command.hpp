// The head of a sharded Executor, which Jina starts as `jina executor --runtime-cls HeadRuntime --pod-role HEAD ...`.
//
// Thread: main thread. Lifetime: none of its own. Cancellation: SIGINT and SIGTERM stop the head in order.
#pragma once
#include "cli/command.hpp"

namespace jina::cli {

/// Whether these arguments of `jina executor` ask for a head.
bool is_head(const config::OptionBag& options);
/// Serves the head until a signal stops it; the exit code.
int run_head(Console& console, Invocation& call);

}  // namespace jina::cli
