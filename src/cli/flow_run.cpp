#include "cli/flow_run.hpp"

#include <unistd.h>

#include <boost/json/serialize.hpp>
#include <fstream>
#include <ostream>

#include "cli/flow_check.hpp"
#include "cli/flow_output.hpp"
#include "cli/logging.hpp"
#include "cli/reload_check.hpp"
#include "cli/served_docs.hpp"
#include "config/default_workspace.hpp"
#include "config/uses_config.hpp"
#include "flow/file_search.hpp"
#include "flow/file_watch.hpp"
#include "flow/stop_signals.hpp"

namespace jina::cli {
namespace {

namespace fs = std::filesystem;

/// Written beside and moved into place, so that whoever waits for the file never reads half of it.
void write_ready_file(const std::string& path, const std::vector<flow::EndpointRow>& rows) {
  boost::json::object gateway;
  boost::json::object executors;
  boost::json::object metrics;
  for (const auto& row : rows)
    (row.protocol == "metrics" ? metrics[row.name] : row.name == "gateway" ? gateway[row.protocol] : executors[row.name]) = row.url;
  boost::json::object ready{
      {"pid", static_cast<std::int64_t>(::getpid())}, {"gateway", std::move(gateway)}, {"executors", std::move(executors)}};
  if (!metrics.empty()) ready["metrics"] = std::move(metrics);
  const std::string draft = path + ".part";
  std::ofstream(draft) << boost::json::serialize(ready) << "\n";
  fs::rename(draft, path);
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
fs::path report_folder(const flow::FlowSpec& flow) {
  fs::path workspace = flow.gateway.text("workspace");
  if (workspace.empty()) workspace = config::default_workspace();
  return fs::absolute(workspace) / "crash-reports";
}

void add_files(std::vector<fs::path>& files, const config::OptionBag& options, const fs::path& directory) {
  const auto used = flow::find_used_files(options, directory);
  if (!used) return;
  if (config::classify_uses(used->uses) == config::UsesKind::kYamlFile) files.emplace_back(used->uses);
  files.insert(files.end(), used->modules.begin(), used->modules.end());
  if (!used->python_file.empty()) files.emplace_back(used->python_file);
  const auto uses = config::load_uses(used->uses, used->modules, "Executor", options.texts("extra-search-paths"));
  if (uses) files.insert(files.end(), uses->modules.begin(), uses->modules.end());
}

std::vector<fs::path> files_of(const std::string& file, const flow::FlowSpec& flow) {
  std::vector<fs::path> files{file};
  add_files(files, flow.gateway, flow.directory);
  for (const auto& deployment : flow.deployments) {
    if (!deployment.source.empty()) files.emplace_back(deployment.source);
    add_files(files, deployment.options, deployment.directory);
  }
  return files;
}

}  // namespace

FlowRun::FlowRun(Console& console, std::string file, const config::OptionBag& options)
    : console_(console), file_(std::move(file)), options_(options), reload_(options.flag("reload")) {}

void FlowRun::note(const std::string& text) const {
  console_.err << console_.err_style.bold("flow") << console_.err_style.dim(" | ") << text << std::endl;
}

std::optional<flow::FlowSpec> FlowRun::read() {
  auto checked = read_and_check_flow(file_, options_);
  for (const auto& item : checked.found.sorted())
    item.severity == config::Severity::kError ? console_.fail("flow", item.to_string()) : console_.warn("flow", item.to_string());
  if (reload_ && checked.flow) files_ = files_of(file_, *checked.flow);
  if (files_.empty()) files_.emplace_back(file_);
  if (checked.found.has_errors() || !checked.flow) return std::nullopt;
  apply_overrides(*checked.flow, options_);
  return std::move(checked.flow);
}

bool FlowRun::launch(const flow::FlowSpec& flow) {
  auto plan = flow::make_launch_plan(
      flow, {.executable = flow::own_executable(), .python = options_.text("python"), .gateway_ports = gateway_ports_});
  if (!plan) {
    console_.fail("flow", plan.error().message);
    return false;
  }
  gateway_ports_ = plan->gateway_ports;
  auto endpoints = plan->endpoints;
  const auto ready_file = options_.text("ready-file");
  FlowOutput output(console_, *plan, understands_cursor(STDERR_FILENO));
  flow::LauncherEvents events;
  events.on_output = [&](const std::string& pod, bool error, std::string_view line) { output.line(pod, error, line); };
  events.on_note = [&](const std::string& text) { output.note(text); };
  events.on_progress = [&](const std::vector<flow::PodProgress>& pods) { output.progress(pods); };
  events.on_crash = [&](const flow::CrashReport& report) { output.crash(report); };
  events.on_failure = [&](const flow::CrashReport& report) { output.failure(report); };
  events.on_ready = [&] {
    drop_missing_docs(endpoints);
    output.ready(endpoints);
    if (!ready_file.empty()) write_ready_file(ready_file, endpoints);
  };
  std::function<void(const std::string&)> reload;
  if (reload_) events.on_hangup = [&] { reload("SIGHUP"); };
  flow::LauncherOptions with{.report_folder = report_folder(flow)};
  with.restart = flow::parse_restart_policy(options_.text("restart")).value_or(with.restart);
  with.restart_limits.most = static_cast<int>(options_.integer("restart-limit"));
  flow::Launcher launcher(std::move(*plan), std::move(events), std::move(with));
  std::string why;
  std::optional<ReloadCheck> check;
  std::optional<flow::FileWatch> changes;
  const auto watch = [&] {
    if (auto status = changes->watch(files_); !status.ok()) output.note(status.message);
  };
  reload = [&](const std::string& reason) {
    why = reason;
    auto modules = changed_modules();
    watch();  // it may be made of other files now
    if (!modules) return output.note("the Flow that runs stays as it is");
    check->start(std::move(*modules));
  };
  if (reload_) {
    check.emplace(
        launcher.io(), [&](std::string_view line) { output.note(line); },
        [&](bool good) { good ? launcher.request_reload(why) : output.note("the Flow that runs stays as it is"); });
    changes.emplace(launcher.io(), [&](const fs::path& file) { reload(file.string() + " changed"); });
    watch();
  }
  launcher.run();
  changes.reset();
  check.reset();
  if (!ready_file.empty()) {
    std::error_code ignored;
    fs::remove(ready_file, ignored);
  }
  output.note(launcher.end() == flow::FlowEnd::kFailed ? "stopped after a failure" : "stopped");
  end_ = launcher.end();
  signal_ = launcher.stop_signal();
  return end_ != flow::FlowEnd::kFailed;
}

/// What the Flow that its file is now is compiled of; nothing, once that is told, when it could not start.
std::optional<std::vector<ModuleJob>> FlowRun::changed_modules() {
  const auto checked = read_and_check_flow(file_, options_, false);
  for (const auto& item : checked.found.sorted())
    if (item.severity == config::Severity::kError) console_.fail("flow", item.to_string());
  if (checked.flow) files_ = files_of(file_, *checked.flow);
  if (checked.found.has_errors() || !checked.flow) return std::nullopt;
  ModuleJobs jobs(console_, "flow");
  if (const Status status = jobs.add(*checked.flow); !status.ok()) {
    console_.fail("flow", status.message);
    return std::nullopt;
  }
  return std::move(jobs.all);
}

/// The signal that came instead; 0: something changed.
int FlowRun::wait_for_change() {
  boost::asio::io_context io{1};
  int signal = 0;
  flow::StopSignals signals(io, [&](int number) {
    if (number != SIGHUP) signal = number;
    io.stop();
  });
  flow::FileWatch changes(io, [&](const fs::path&) { io.stop(); });
  if (auto status = changes.watch(files_); !status.ok()) {
    console_.fail("flow", status.message);
    return SIGTERM;
  }
  note("waiting for a change of its files; Ctrl-C ends it");
  io.run();
  return signal;
}

int FlowRun::run() {
  for (;;) {
    const auto flow = read();
    const bool good = flow && launch(*flow);
    if (good && end_ == flow::FlowEnd::kStopped) return kSuccess;
    // What a shell expects of a Flow that a signal ended before it was ready, or had finished.
    if (good && end_ != flow::FlowEnd::kReload) return signal_ == 0 ? kFailure : 128 + signal_;
    if (!good && !reload_) return kFailure;
    if (!good && wait_for_change() != 0) return kFailure;
  }
}

}  // namespace jina::cli
