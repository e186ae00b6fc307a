// Which arguments of an item have an effect: that depends on what runs it.
//
// Thread: reads files, for start-up. Lifetime: none. Cancellation: none.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "flow/flow_spec.hpp"

namespace jina::flow {

/// What runs an Executor.
enum class Runs : std::uint8_t {
  kHere,       ///< a C++ class, in a process of this program or in the gateway's
  kPython,     ///< Jina, in Python
  kContainer,  ///< an image
  kElsewhere,  ///< external
};

/// Files that can not be read leave it at kHere; whoever starts it says what is wrong.
Runs runs_of(const DeploymentSpec& spec);

/// Names of set arguments without an effect, as YAML spells them.
std::vector<std::string> without_effect(const DeploymentSpec& spec);
std::vector<std::string> without_effect(const config::OptionBag& options);

/// Whether the process that runs the item is told this argument, as it stands.
bool is_forwarded(const config::OptionSpec& option, Runs runs);

}  // namespace jina::flow
