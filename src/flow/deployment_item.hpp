// One item of a Flow's `executors:` list in any of its forms: a map of arguments, `jtype: Deployment` with `with:`, or the path of
// a YAML file that holds one.
//
// Thread: reads files, for start-up. Lifetime: `unknown` points into `storage` or into the Flow's document. Cancellation: none.
#pragma once
#include <filesystem>
#include <memory>
#include <span>
#include <vector>

#include "config/load.hpp"
#include "config/option.hpp"

namespace jina::flow {

struct DeploymentItem {
  config::OptionBag options;  ///< of config::deployment_options()
  config::Position position{};
  std::filesystem::path directory{};
  std::vector<const config::NodeEntry*> unknown{};
  std::shared_ptr<const config::ConfigDocument> storage{};  ///< the item's own file
};

/// `handed_down`: entries of the Flow's `with:` that the item gets unless it says otherwise.
Result<DeploymentItem> read_deployment_item(const config::Node& item, const config::ConfigDocument& flow,
                                            std::span<const config::NodeEntry* const> handed_down);

}  // namespace jina::flow
