// used_image(): the image that `uses` needs, and how its files are called inside it: as in the Flow's folder, which the image has
// as its working directory.
//
// Thread: reads files. Lifetime: none. Cancellation: none.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "exporter/workload.hpp"

namespace jina::exporter {

struct UsedImage {
  Image image{};
  std::string uses{};                  ///< for --uses, in the image
  std::vector<std::string> modules{};  ///< for --py-modules, in the image
  std::string local_uses{};            ///< the same here
  std::vector<std::string> local_modules{};
  std::vector<std::filesystem::path> files{};  ///< that the image has to have
};

/// The canonical path of the folder with the Flow's YAML.
std::filesystem::path flow_folder(const flow::FlowSpec& flow);

/// `what` is "gateway" or "Executor", for messages.
Result<UsedImage> used_image(const config::OptionBag& options, const flow::FlowSpec& flow, const std::filesystem::path& directory,
                             const std::string& what, const ImageNames& names);

}  // namespace jina::exporter
