#include "exporter/used_image.hpp"

#include "config/uses_config.hpp"
#include "flow/file_search.hpp"

namespace jina::exporter {

namespace fs = std::filesystem;

namespace {

Result<std::string> inside(const std::string& file, const flow::FlowSpec& flow) {
  const auto folder = fs::weakly_canonical(fs::absolute(flow.directory));
  const auto path = fs::weakly_canonical(file).lexically_relative(folder);
  if (path.empty() || *path.begin() == "..")
    return Status{
        StatusCode::kInvalidArgument,
        file + " is outside the Flow's folder " + folder.string() +
            ", which is what the image is made of; move it there, or make an image of it and write 'uses: docker://IMAGE'"};
  return path.generic_string();
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
  UsedImage used{.local_uses = files->uses, .local_modules = files->modules};
  used.uses = files->uses;
  bool has_files = !files->modules.empty();
  if (kind == config::UsesKind::kYamlFile || kind == config::UsesKind::kModule || kind == config::UsesKind::kPython) {
    auto path = inside(files->uses, flow);
    if (!path) return path.error();
    used.uses = std::move(*path);
    has_files = true;
  }
  for (const auto& module : files->modules) {
    auto path = inside(module, flow);
    if (!path) return path.error();
    used.modules.push_back(std::move(*path));
  }
  if (files->python)
    used.image = {ImageKind::kPython, names.python};
  else if (has_files)
    used.image = {ImageKind::kFlow, names.flow};
  else
    used.image = {ImageKind::kBase, names.base};
  return used;
}

}  // namespace jina::exporter
