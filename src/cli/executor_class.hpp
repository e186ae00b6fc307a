// What the arguments of `jina executor` say of the Executor itself: its class, loaded, and what it is made with. The same for one
// with a port of its own and for one in the process of its gateway.
//
// Thread: main thread, at start. Lifetime: plain result. Cancellation: none.
#pragma once
#include <string>

#include "cli/command.hpp"
#include "config/option.hpp"
#include "executor/executor_runtime.hpp"
#include "jina/registry.hpp"
#include "jina/status.hpp"

namespace jina::cli {

/// Reads --uses and what belongs to it and loads the modules that `registry` does not have yet. Warnings go out as those of
/// `command`. Port, host, tracing and TLS are left to the caller.
Result<ExecutorOptions> load_executor_class(const Console& console, const std::string& command, const config::OptionBag& options,
                                            Registry& registry);

}  // namespace jina::cli
