// `jina flow`: a whole Flow on this machine, one process per replica.
#include <fmt/format.h>
#include <unistd.h>

#include <boost/json/serialize.hpp>
#include <filesystem>
#include <fstream>
#include <ostream>

#include "cli/command.hpp"
#include "cli/flow_check.hpp"
#include "cli/flow_output.hpp"
#include "cli/logging.hpp"
#include "config/environment.hpp"
#include "flow/flow_spec.hpp"
#include "flow/launcher.hpp"

namespace jina::cli {
namespace {

using config::OptionKind;

const config::OptionSet& flow_command_options() {
  static const config::OptionSet set = [] {
    config::OptionSet options;
    const auto flow = "Flow";
    add_flow_file_options(options, flow);
    options.add({.names = {"workspace"}, .help = "directory for files that are written", .group = flow});
    options.add(
        {.names = {"log-config"}, .help = "logging of every process: default, json, quiet", .fallback = "default", .group = flow});
    options.add({.names = {"quiet"}, .kind = OptionKind::kFlag, .help = "log nothing", .fallback = false, .group = flow});
    options.add({.names = {"ready-file"},
                 .help = "write the endpoints as JSON to this file when the Flow is ready, remove it at the end (not in Jina)",
                 .group = flow,
                 .placeholder = "FILE"});
    options.add({.names = {"restart"},
                 .kind = OptionKind::kChoice,
                 .help =
                     "what to do when a process of the running Flow ends by itself: start it again, or stop the Flow; an item's "
                     "own 'restart' wins (not in Jina)",
                 .fallback = "on-failure",
                 .choices = {"never", "on-failure"},
                 .group = flow});
    options.add({.names = {"restart-limit"},
                 .kind = OptionKind::kInteger,
                 .help = "restarts of one process within 5 minutes before the Flow gives up; 0: no limit (not in Jina)",
                 .fallback = 10,
                 .group = flow});
    const auto jina = "Of Jina's 'jina flow' (accepted, without effect here)";
    options.add({.names = {"name"}, .help = "name of the Flow", .group = jina, .effective = false});
    options.add({.names = {"quiet-error"},
                 .kind = OptionKind::kFlag,
                 .help = "log errors without stack traces",
                 .fallback = false,
                 .group = jina,
                 .effective = false});
    options.add({.names = {"suppress-root-logging"},
                 .kind = OptionKind::kFlag,
                 .help = "quiet root logger",
                 .fallback = false,
                 .group = jina,
                 .effective = false});
    options.add({.names = {"reload"},
                 .kind = OptionKind::kFlag,
                 .help = "restart when the YAML changes",
                 .fallback = false,
                 .group = jina,
                 .effective = false});
    return options;
  }();
  return set;
}

/// Written beside and moved into place, so that whoever waits for the file never reads half of it.
void write_ready_file(const std::string& path, const std::vector<flow::EndpointRow>& rows) {
  boost::json::object gateway;
  boost::json::object executors;
  for (const auto& row : rows) (row.name == "gateway" ? gateway[row.protocol] : executors[row.name]) = row.url;
  const boost::json::object ready{
      {"pid", static_cast<std::int64_t>(::getpid())}, {"gateway", std::move(gateway)}, {"executors", std::move(executors)}};
  const std::string draft = path + ".part";
  std::ofstream(draft) << boost::json::serialize(ready) << "\n";
  std::filesystem::rename(draft, path);
}

void apply_overrides(flow::FlowSpec& flow, const config::OptionBag& options) {
  for (const auto& [name, value] : options.object("env")) flow.environment[name] = value;
  flow.environment[kInFlowVariable] = "1";
  for (const char* name : {"workspace", "log-config", "quiet"}) {
    if (!options.is_set(name)) continue;
    flow.gateway.set_value(name, options.get(name));
    for (auto& deployment : flow.deployments) deployment.options.set_value(name, options.get(name));
  }
}

/// Of crash reports.
std::filesystem::path report_folder(const flow::FlowSpec& flow) {
  std::filesystem::path workspace = flow.gateway.text("workspace");
  if (workspace.empty()) {
    const auto home = config::environment_value("HOME");
    workspace = std::filesystem::path(home.empty() ? "/tmp" : home) / ".cache" / "jina";
  }
  return std::filesystem::absolute(workspace) / "crash-reports";
}

/// What a shell expects: 0 after an orderly stop, 1 after a failure, 128 + signal for a Flow that a signal ended before it was
/// ready or finished.
int exit_code(const flow::Launcher& launcher) {
  switch (launcher.end()) {
    case flow::FlowEnd::kFailed: return kFailure;
    case flow::FlowEnd::kEarly:
    case flow::FlowEnd::kKilled: return launcher.stop_signal() == 0 ? kFailure : 128 + launcher.stop_signal();
    default: return kSuccess;
  }
}

int run(Console& console, Invocation& call) {
  const auto fail = [&](const std::string& message, int code) {
    console.fail("flow", message);
    return code;
  };
  std::string file = call.options.text("uses");
  if (file.empty() && !call.positionals.empty()) file = call.positionals.front();
  if (file.empty()) return fail("say which Flow: jina flow --uses flow.yml", kUsage);
  auto checked = read_and_check_flow(file, call.options);
  auto& flow = checked.flow;
  for (const auto& item : checked.found.sorted())
    item.severity == config::Severity::kError ? console.fail("flow", item.to_string()) : console.warn("flow", item.to_string());
  if (checked.found.has_errors()) return kFailure;
  apply_overrides(*flow, call.options);

  auto plan = flow::make_launch_plan(*flow, {.executable = flow::own_executable(), .python = call.options.text("python")});
  if (!plan) return fail(plan.error().message, kFailure);

  const auto endpoints = plan->endpoints;
  const auto ready_file = call.options.text("ready-file");
  FlowOutput output(console, *plan, understands_cursor(STDERR_FILENO));
  flow::LauncherEvents events;
  events.on_output = [&](const std::string& pod, bool error, std::string_view line) { output.line(pod, error, line); };
  events.on_note = [&](const std::string& text) { output.note(text); };
  events.on_progress = [&](const std::vector<flow::PodProgress>& pods) { output.progress(pods); };
  events.on_crash = [&](const flow::CrashReport& report) { output.crash(report); };
  events.on_failure = [&](const flow::CrashReport& report) { output.failure(report); };
  events.on_ready = [&] {
    output.ready(endpoints);
    if (!ready_file.empty()) write_ready_file(ready_file, endpoints);
  };
  flow::LauncherOptions options{.report_folder = report_folder(*flow)};
  options.restart = flow::parse_restart_policy(call.options.text("restart")).value_or(options.restart);
  options.restart_limits.most = static_cast<int>(call.options.integer("restart-limit"));
  flow::Launcher launcher(std::move(*plan), std::move(events), std::move(options));
  launcher.run();
  if (!ready_file.empty()) {
    std::error_code ignored;
    std::filesystem::remove(ready_file, ignored);
  }
  output.note(launcher.end() == flow::FlowEnd::kFailed ? "stopped after a failure" : "stopped");
  return exit_code(launcher);
}

}  // namespace

Command flow_command() {
  return {
      .name = "flow",
      .summary = "start a Flow: its gateway and its Executors",
      .about =
          "Starts every process of a Flow, waits until all are ready, prints where they are, and stops them in order on Ctrl-C or "
          "SIGTERM: "
          "the gateway first, once it finished what runs, then the Executors; a second signal kills what is left. A process that "
          "ends "
          "by itself is started again on its port, at once and then after growing pauses, unless --restart says never; before the "
          "Flow was ready it ends the start. Exit codes: 0 after an orderly stop, 1 after a failure, 128 + the signal's number "
          "when "
          "it came before the Flow was ready, or twice.",
      .positionals = {"[FILE]"},
      .examples = {{"jina flow --uses flow.yml", ""},
                   {"jina flow --uses flow.yml --env MODEL=small", "values for ${{ ENV.MODEL }} in the YAML and for the processes"},
                   {"jina flow --uses flow.yml --ready-file /tmp/ready.json",
                    "for scripts: the file appears when the Flow is ready"}},
      .options = flow_command_options,
      .run = run};
}

}  // namespace jina::cli
