// `jina executor`: one Executor behind a port.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <spdlog/spdlog.h>

#include <ostream>

#include "cli/command.hpp"
#include "cli/executor_class.hpp"
#include "cli/head_command.hpp"
#include "cli/logging.hpp"
#include "cli/modules.hpp"
#include "cli/stop_on_signal.hpp"
#include "cli/tracing.hpp"
#include "config/option_sets.hpp"
#include "executor/executor_runtime.hpp"

namespace jina::cli {
namespace {

int run(Console& console, Invocation& call) {
  if (is_head(call.options)) return run_head(console, call);
  auto& options = call.options;
  const auto fail = [&](const std::string& message, int code = kFailure) {
    console.fail("executor", message);
    return code;
  };
  set_environment(options.object("env"));
  const std::string name = options.text("name");
  set_up_logging(name, options);
  Registry registry;
  if (call.add_classes) call.add_classes(registry);
  auto loaded = load_executor_class(console, "executor", options, registry);
  if (!loaded) return fail(loaded.error().message);
  ExecutorOptions runtime_options = std::move(*loaded);
  const std::string class_name = runtime_options.uses;
  const auto hosts = options.texts("host");
  if (!hosts.empty()) runtime_options.host = hosts.front();
  const auto ports = options.ports("port");
  if (!ports.empty()) runtime_options.port = ports.front();
  if (const auto protocols = options.texts("protocol"); protocols != std::vector<std::string>{"GRPC"})
    console.warn("executor", fmt::format("an Executor speaks gRPC here; --protocol {} is ignored", fmt::join(protocols, " ")));

  auto tracing = Tracing::start(options, name);
  if (!tracing) return fail(tracing.error().message, kUsage);
  runtime_options.tracing = tracing->provider();
  const std::string host = runtime_options.host;
  auto runtime = ExecutorRuntime::start(std::move(runtime_options), registry);
  if (!runtime) return fail(runtime.error().message);
  spdlog::info("Executor {} listens on grpc://{}:{}", class_name, host, (*runtime)->port());
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
