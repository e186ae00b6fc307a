// set_up_logging(): level and form of the process's log, from --quiet, --log-config and the JINA_LOG_* variables.
//
// Thread: main thread, once. Lifetime: none. Cancellation: none.
#pragma once
#include <string>

#include "config/option.hpp"

namespace jina::cli {

/// Lines read "name@pid[L]: message" as Jina's; JINA_LOG_CONFIG or --log-config "json" makes a JSON object of each, "quiet"
/// silences. Processes of a Flow leave name and pid to the launcher.
void set_up_logging(const std::string& name, const config::OptionBag& options);

/// Set for the processes of a Flow.
inline constexpr const char* kInFlowVariable = "JINA_IN_FLOW";

}  // namespace jina::cli
