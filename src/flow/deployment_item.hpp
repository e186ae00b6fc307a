// One item of a Flow's `executors:` list in any of its forms: a map of arguments, `jtype: Deployment` with `with:`, or the path of
// a YAML file that holds one.
//
// Thread: reads files, for start-up. Lifetime: owns everything. Cancellation: none.
#pragma once
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "config/diagnostics.hpp"
#include "config/load.hpp"
#include "config/option.hpp"
#include "flow/flow_spec.hpp"

namespace jina::flow {

/// An entry of the Flow's `with:` that every item gets unless it says otherwise; its value is known to be good.
struct HandedDown {
  const config::OptionSpec* option;
  boost::json::value value;
};

/// The spec with options, places, source and directory set. What is wrong with single keys is in `diagnostics`; nothing when it is
/// no item at all.
std::optional<DeploymentSpec> read_deployment_item(const config::Node& item, const config::ConfigDocument& flow,
                                                   std::span<const HandedDown> handed_down, config::Diagnostics& diagnostics);

/// An entry's own place, or its value's where that is on a line.
config::Position position_of(const config::NodeEntry& entry);

/// Sets `option` from a YAML entry; what is wrong with it is in `diagnostics`. True when it was set.
bool set_option(config::OptionBag& bag, Places& places, const config::OptionSpec& option, const config::NodeEntry& entry,
                const std::string& source, config::Diagnostics& diagnostics);

}  // namespace jina::flow
