#include "exporter/used_image.hpp"

#include "config/uses_config.hpp"
#include "flow/file_search.hpp"

namespace jina::exporter {

namespace fs = std::filesystem;

fs::path flow_folder(const flow::FlowSpec& flow) {
  return fs::weakly_canonical(flow.directory.empty() ? fs::current_path() : flow.directory);
}

namespace {

/// As seen from the Flow's folder: the image has the same folders, and this one as its working directory.
std::string from_flow(const std::string& file, const flow::FlowSpec& flow) {
  return fs::weakly_canonical(file).lexically_relative(flow_folder(flow)).generic_string();
}

}  // namespace

Result<UsedImage> used_image(const config::OptionBag& options, const flow::FlowSpec& flow, const fs::path& directory,
                             const std::string& what, const ImageNames& names) {
  const auto uses = options.text("uses");
  const auto kind = config::classify_uses(uses);
  if (kind == config::UsesKind::kImage) {
    // As in Jina: the image has its configuration under this name in its working directory.
    return UsedImage{.image = {ImageKind::kGiven, uses.substr(uses.find("://") + 3)}, .uses = "config.yml"};
  }
  if (kind == config::UsesKind::kHub)
    return Status{StatusCode::kUnimplemented,
                  "uses: '" + uses + "' is on Jina's Hub; write 'uses: docker://IMAGE' with the image that the Hub made of it"};
  auto files = flow::find_used_files(options, directory);
  if (!files) return files.error();
  if (files->python && what == "gateway")
    return Status{StatusCode::kUnimplemented, config::python_advice(files->python_file, "gateway")};
  UsedImage used{.uses = files->uses, .local_uses = files->uses, .local_modules = files->modules};
  if (kind == config::UsesKind::kYamlFile || kind == config::UsesKind::kModule || kind == config::UsesKind::kPython) {
    used.uses = from_flow(files->uses, flow);
    used.files.emplace_back(fs::weakly_canonical(files->uses));
  }
  for (const auto& module : files->modules) {
    used.modules.push_back(from_flow(module, flow));
    used.files.emplace_back(fs::weakly_canonical(module));
  }
  for (const auto& module : files->yaml_modules) used.files.emplace_back(fs::weakly_canonical(module));
  if (files->python)
    used.image = {ImageKind::kPython, names.python};
  else if (!used.files.empty())
    used.image = {ImageKind::kFlow, names.flow};
  else
    used.image = {ImageKind::kBase, names.base};
  return used;
}

}  // namespace jina::exporter
