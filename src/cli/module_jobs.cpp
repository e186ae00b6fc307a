#include "cli/module_jobs.hpp"

#include <algorithm>

#include "cli/modules.hpp"
#include "config/uses_config.hpp"
#include "flow/file_search.hpp"

namespace jina::cli {

namespace fs = std::filesystem;

namespace {

bool is_source(const fs::path& path) {
  const auto extension = path.extension();
  return extension == ".cpp" || extension == ".cc" || extension == ".cxx";
}

}  // namespace

Status ModuleJobs::add(const std::string& uses, const std::vector<std::string>& modules, const std::string& what,
                       const config::OptionBag& bag) {
  auto used = config::load_uses(uses, modules, what, bag.texts("extra-search-paths"));
  if (!used) return used.error();
  for (const fs::path& module : used->modules) {
    const auto known = [&](const ModuleJob& job) { return job.source == module; };
    if (is_source(module) && std::none_of(all.begin(), all.end(), known))
      all.push_back({module, module_options(console_, command_, *used, bag)});
  }
  return {};
}

Status ModuleJobs::add(const flow::FlowSpec& flow, const std::function<void(const std::string&, const std::string&)>& on_python) {
  const auto add_used = [&](const std::string& name, const std::string& what, const config::OptionBag& bag,
                            const fs::path& directory) -> Status {
    if (config::classify_uses(bag.text("uses")) == config::UsesKind::kImage) return {};  // it has its own in it
    auto files = flow::find_used_files(bag, directory);
    if (!files) return files.error();
    if (!files->python) return add(files->uses, files->modules, what, bag);
    if (on_python) on_python(name, files->python_file);
    return {};
  };
  if (auto s = add_used("gateway", "gateway", flow.gateway, flow.directory); !s.ok()) return s;
  for (const auto& deployment : flow.deployments)
    if (!deployment.flag("external"))
      if (auto s = add_used(deployment.name, "Executor", deployment.options, deployment.directory); !s.ok()) return s;
  return {};
}

}  // namespace jina::cli
