#include "cli/executor_class.hpp"

#include <filesystem>
#include <vector>

#include "cli/modules.hpp"
#include "config/default_workspace.hpp"
#include "config/load.hpp"
#include "config/uses_config.hpp"

namespace jina::cli {
namespace {

/// Jina's word for an Executor that passes everything on.
class BaseExecutor final : public Executor {
 public:
  void setup(Endpoints&) override {}
};

std::string workspace_of(const config::OptionBag& options, const boost::json::object& metas, const std::string& name) {
  std::filesystem::path base = options.text("workspace");
  if (const auto* own = metas.if_contains("workspace"); base.empty() && own != nullptr && own->is_string())
    base = std::string(own->get_string());
  if (base.empty()) base = config::default_workspace();
  const std::filesystem::path folder = std::filesystem::absolute(base) / name;
  // As in Jina, which knows -1 as no shard.
  const auto shard = options.integer("shard-id");
  return (shard < 0 ? folder : folder / std::to_string(shard)).string();
}

/// A map of the YAML; the argument of the command line that stands for it wins where both have a key.
Result<boost::json::object> section_of(config::UsesConfig& uses, const std::string& key, const boost::json::object& over) {
  boost::json::object section;
  const config::Node node = uses.rest.take(key);
  if (node.is_map())
    section = node.to_json().as_object();
  else if (!node.is_null())
    return config::error_at(uses.source, node.position, key + " is a map, but this is " + std::string(config::describe(node.kind)));
  for (const auto& [name, value] : over) section[name] = value;
  return section;
}

/// The Executor classes of the modules; those that came with a module before are not loaded again.
Result<std::vector<std::string>> load_classes(const config::UsesConfig& uses, Registry& registry, const ModuleOptions& options) {
  std::vector<std::string> classes;
  for (const auto& module : uses.modules) {
    const std::string path = module.string();
    if (registry.names("Executor", path).empty() && registry.names("Gateway", path).empty())
      if (auto added = load_modules({module}, registry, "Executor", options); !added) return std::move(added).error();
    for (const std::string& name : registry.names("Executor", path)) classes.push_back(name);
  }
  return classes;
}

}  // namespace

Result<ExecutorOptions> load_executor_class(const Console& console, const std::string& command, const config::OptionBag& options,
                                            Registry& registry) {
  auto uses = config::load_uses(options.text("uses"), options.texts("py-modules"), "Executor", options.texts("extra-search-paths"));
  if (!uses) return std::move(uses).error();
  for (const auto& warning : uses->warnings) console.warn(command, warning);
  if (!registry.contains("Executor", "BaseExecutor")) registry.add<BaseExecutor>("BaseExecutor");
  auto classes = load_classes(*uses, registry, module_options(console, command, *uses, options));
  if (!classes) return std::move(classes).error();
  if (uses->class_name == "BaseExecutor" && !options.is_set("uses") && !uses->modules.empty()) uses->class_name.clear();
  if (uses->class_name.empty()) {
    auto only = only_class(*classes, "Executor");
    if (!only) return std::move(only).error();
    uses->class_name = *only;
  }
  if (const Status status = check_argument_names(*uses, registry, "Executor"); !status.ok()) return status;
  auto requests = section_of(*uses, "requests", options.object("uses-requests"));
  if (!requests) return std::move(requests).error();
  auto batching = section_of(*uses, "dynamic_batching", options.object("uses-dynamic-batching"));
  if (!batching) return std::move(batching).error();
  for (const auto& entry : uses->rest.entries)
    console.warn(command, config::place(uses->source, entry.position, "'" + entry.key + "' has no effect here"));

  const std::string name = options.text("name");
  ExecutorOptions runtime_options;
  runtime_options.uses = uses->class_name;
  runtime_options.uses_with = uses->with;
  for (const auto& [key, value] : options.object("uses-with")) runtime_options.uses_with[key] = value;
  for (const auto& [key, value] : options.object("uses-metas")) uses->metas[key] = value;
  runtime_options.endpoints = {std::move(*requests), std::move(*batching), options.flag("allow-concurrent")};
  runtime_options.exit_on_exceptions = options.texts("exit-on-exceptions");
  runtime_options.deployment = name.substr(0, name.find('/'));
  auto& args = runtime_options.runtime_args;
  args.name = name;
  boost::json::object& metas = args.metas = std::move(uses->metas);
  // The name of the Executor, not of its pod: replicas share a folder.
  const auto* own_name = metas.if_contains("name");
  if (own_name == nullptr || !own_name->is_string() || own_name->get_string().empty()) metas["name"] = uses->class_name;
  for (const char* text : {"description", "workspace", "py_modules"}) metas.emplace(text, "");
  args.workspace = workspace_of(options, metas, std::string(metas.at("name").get_string()));
  args.shard_id = options.is_set("shard-id") ? static_cast<int>(options.integer("shard-id")) : -1;
  args.replica_id = static_cast<int>(options.integer("replica-id"));
  args.replicas = static_cast<int>(options.integer("replicas", 1));
  args.shards = static_cast<int>(options.integer("shards", 1));
  return runtime_options;
}

}  // namespace jina::cli
