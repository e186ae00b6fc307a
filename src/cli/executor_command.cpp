// `jina executor`: one Executor behind a port.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <spdlog/spdlog.h>

#include <boost/json/serialize.hpp>
#include <cstdlib>
#include <filesystem>
#include <ostream>

#include "cli/command.hpp"
#include "cli/head_command.hpp"
#include "cli/logging.hpp"
#include "cli/modules.hpp"
#include "cli/stop_on_signal.hpp"
#include "cli/tracing.hpp"
#include "config/option_sets.hpp"
#include "config/uses_config.hpp"
#include "executor/executor_runtime.hpp"

namespace jina::cli {
namespace {

/// Jina's word for an Executor that passes everything on.
class BaseExecutor final : public Executor {
 public:
  void setup(Endpoints&) override {}
};

std::string workspace_of(const config::OptionBag& options, const boost::json::object& metas, const std::string& name) {
  std::string base = options.text("workspace");
  if (const auto* own = metas.if_contains("workspace"); base.empty() && own != nullptr && own->is_string())
    base = std::string(own->get_string());
  if (base.empty()) {
    const char* home = std::getenv("HOME");
    base = std::string(home == nullptr ? "/tmp" : home) + "/.cache/jina";
  }
  return (std::filesystem::absolute(base) / name).string();
}

int run(Console& console, Invocation& call) {
  if (is_head(call.options)) return run_head(console, call);
  auto& options = call.options;
  const auto fail = [&](const std::string& message, int code = kFailure) {
    console.fail("executor", message);
    return code;
  };
  set_environment(options.object("env"));
  auto uses = config::load_uses(options.text("uses"), options.texts("py-modules"), "Executor", options.texts("extra-search-paths"));
  if (!uses) return fail(uses.error().message);
  for (const auto& warning : uses->warnings) console.warn("executor", warning);

  const std::string name = options.text("name");
  set_up_logging(name, options);
  Registry registry;
  registry.add<BaseExecutor>("BaseExecutor");
  if (call.add_classes) call.add_classes(registry);
  auto added = load_modules(uses->modules, registry, "Executor", module_options(console, "executor", *uses, options));
  if (!added) return fail(added.error().message);
  if (uses->class_name == "BaseExecutor" && !options.is_set("uses") && !uses->modules.empty()) uses->class_name.clear();
  if (uses->class_name.empty()) {
    auto only = only_class(*added, "Executor");
    if (!only) return fail(only.error().message);
    uses->class_name = *only;
  }
  for (const auto& entry : uses->rest.entries)
    console.warn("executor", config::place(uses->source, entry.position, "'" + entry.key + "' has no effect here"));

  ExecutorOptions runtime_options;
  runtime_options.uses = uses->class_name;
  runtime_options.uses_with = uses->with;
  for (const auto& [key, value] : options.object("uses-with")) runtime_options.uses_with[key] = value;
  for (const auto& [key, value] : options.object("uses-metas")) uses->metas[key] = value;
  runtime_options.deployment = name.substr(0, name.find('/'));
  const auto hosts = options.texts("host");
  if (!hosts.empty()) runtime_options.host = hosts.front();
  const auto ports = options.ports("port");
  if (!ports.empty()) runtime_options.port = ports.front();
  auto& args = runtime_options.runtime_args;
  args.name = name;
  args.workspace = workspace_of(options, uses->metas, runtime_options.deployment);
  args.shard_id = options.is_set("shard-id") ? static_cast<int>(options.integer("shard-id")) : -1;
  args.replica_id = static_cast<int>(options.integer("replica-id"));
  args.replicas = static_cast<int>(options.integer("replicas", 1));
  args.shards = static_cast<int>(options.integer("shards", 1));
  if (const auto protocols = options.texts("protocol"); protocols != std::vector<std::string>{"GRPC"})
    console.warn("executor", fmt::format("an Executor speaks gRPC here; --protocol {} is ignored", fmt::join(protocols, " ")));

  auto tracing = Tracing::start(options, name);
  if (!tracing) return fail(tracing.error().message, kUsage);
  runtime_options.tracing = tracing->provider();
  const std::string host = runtime_options.host;
  auto runtime = ExecutorRuntime::start(std::move(runtime_options), registry);
  if (!runtime) return fail(runtime.error().message);
  spdlog::info("Executor {} listens on grpc://{}:{}", uses->class_name, host, (*runtime)->port());
  StopOnSignal stop([&] { (*runtime)->stop(); });
  (*runtime)->run();
  return kSuccess;
}

}  // namespace

Command executor_command() {
  return {
      .name = "executor",
      .summary = "start an Executor",
      .about =
          "Serves one Executor over gRPC. The class comes from a module: a .cpp file, which is compiled on first use and cached, "
          "or a .so. "
          "Arguments are those of Jina's 'jina executor'; what has no meaning for a C++ Executor is accepted and named in a "
          "warning.",
      .positionals = {},
      .examples = {{"jina executor --uses upper.cpp --port 54322", "the only class of a module"},
                   {"jina executor --uses Upper --py-modules upper.cpp --uses-with suffix=!", "a class by name, with arguments"},
                   {"jina executor --uses config.yml", "jtype, with, py_modules in a file"}},
      .options = config::executor_options,
      .run = run,
      .serves = true};
}

}  // namespace jina::cli
