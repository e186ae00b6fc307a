// `jina executor`: one Executor behind a port.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <spdlog/spdlog.h>

#include <ostream>
#include <vector>

#include "cli/command.hpp"
#include "cli/executor_class.hpp"
#include "cli/head_command.hpp"
#include "cli/logging.hpp"
#include "cli/modules.hpp"
#include "cli/monitoring.hpp"
#include "cli/stop_on_signal.hpp"
#include "cli/tracing.hpp"
#include "config/option_sets.hpp"
#include "executor/executor_runtime.hpp"

namespace jina::cli {
namespace {

/// Ports and protocols come in pairs; one port, or none, is for all protocols.
Result<std::vector<ExecutorPort>> ports_of(const config::OptionBag& options) {
  const auto protocols = options.texts("protocol");
  const auto numbers = options.ports("port");
  const auto wrong = [](std::string text) { return Status{StatusCode::kInvalidArgument, std::move(text)}; };
  if (numbers.size() > 1 && numbers.size() != protocols.size())
    return wrong(
        fmt::format("--port has {} ports for {} protocols: name one for each, or one for all", numbers.size(), protocols.size()));
  std::vector<ExecutorPort> ports;
  for (std::size_t i = 0; i < protocols.size(); ++i) {
    if (protocols[i] == "WEBSOCKET")
      return wrong("--protocol WEBSOCKET: an Executor speaks GRPC and HTTP, as in Jina; the gateway speaks WEBSOCKET too");
    const std::uint16_t number = numbers.empty() ? 0 : numbers.size() == 1 ? numbers.front() : numbers[i];
    const bool shared = !ports.empty() && (numbers.size() <= 1 || ports.back().port == number);
    if (!shared) ports.push_back({number, false, false});
    (protocols[i] == "GRPC" ? ports.back().grpc : ports.back().http) = true;
  }
  return ports;
}

std::string addresses_of(const std::string& host, const std::vector<ExecutorPort>& ports) {
  std::vector<std::string> addresses;
  for (const ExecutorPort& port : ports) {
    if (port.grpc) addresses.push_back(fmt::format("grpc://{}:{}", host, port.port));
    if (port.http) addresses.push_back(fmt::format("http://{}:{}", host, port.port));
  }
  return fmt::format("{}", fmt::join(addresses, " and "));
}

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
  auto ports = ports_of(options);
  if (!ports) return fail(ports.error().message, kUsage);
  runtime_options.ports = std::move(*ports);

  auto tracing = Tracing::start(options, name);
  if (!tracing) return fail(tracing.error().message, kUsage);
  runtime_options.tracing = tracing->provider();
  auto monitoring = Monitoring::start(options, name);
  if (!monitoring) return fail(monitoring.error().message);
  runtime_options.metrics = monitoring->registry();
  const std::string host = runtime_options.host;
  auto runtime = ExecutorRuntime::start(std::move(runtime_options), registry);
  if (!runtime) return fail(runtime.error().message);
  spdlog::info("Executor {} listens on {}", class_name, addresses_of(host, (*runtime)->ports()));
  StopOnSignal stop([&] { (*runtime)->stop(); });
  if (const Status status = (*runtime)->run(); !status.ok()) return fail(status.message);
  return kSuccess;
}

}  // namespace

Command executor_command() {
  return {
      .name = "executor",
      .summary = "start an Executor",
      .about =
          "Serves one Executor over gRPC, HTTP or both. The class comes from a module: a .cpp file, which is compiled on first use "
          "and cached, "
          "or a .so. "
          "Arguments are those of Jina's 'jina executor'; what has no meaning for a C++ Executor is accepted and named in a "
          "warning.",
      .positionals = {},
      .examples = {{"jina executor --uses upper.cpp --port 54322", "the only class of a module"},
                   {"jina executor --uses Upper --py-modules upper.cpp --uses-with suffix=!", "a class by name, with arguments"},
                   {"jina executor --uses config.yml", "jtype, with, py_modules, requests, dynamic_batching in a file"},
                   {"jina executor --uses upper.cpp --protocol GRPC HTTP --port 54322", "one port that speaks both"}},
      .options = config::executor_options,
      .run = run,
      .serves = true};
}

}  // namespace jina::cli
