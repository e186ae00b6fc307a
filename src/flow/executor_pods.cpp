#include "flow/executor_pods.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json/serialize.hpp>

#include "config/environment.hpp"
#include "flow/container.hpp"
#include "flow/pinning.hpp"

namespace jina::flow {

namespace {

/// The item's, the Flow's or this process's own.
std::string cuda_setting(const FlowSpec& flow, const DeploymentSpec& spec) {
  const auto own = spec.options.object("env");
  for (const auto* variables : {&own, &flow.environment})
    if (const auto* value = variables->if_contains("CUDA_VISIBLE_DEVICES"))
      return value->is_string() ? std::string(value->get_string()) : boost::json::serialize(*value);
  return config::environment_value("CUDA_VISIBLE_DEVICES");
}

}  // namespace

std::string reachable(const std::string& host) { return host == "0.0.0.0" || host == "::" || host.empty() ? "127.0.0.1" : host; }

std::optional<std::chrono::milliseconds> ready_limit(const config::OptionBag& options) {
  const auto limit = options.integer("timeout-ready", 600000);
  return limit <= 0 ? std::nullopt : std::optional(std::chrono::milliseconds(limit));
}

void add_environment(std::vector<std::pair<std::string, std::string>>& to, const boost::json::object& variables) {
  for (const auto& [name, value] : variables)
    to.emplace_back(name, value.is_string() ? std::string(value.get_string()) : boost::json::serialize(value));
}

Result<ExecutorPods> ExecutorPods::make(const FlowSpec& flow, const DeploymentSpec& spec, const std::string& executable,
                                        Pythons& pythons) {
  ExecutorPods pods(flow, spec);
  pods.program_ = executable;
  if (auto s = pods.find(pythons); !s.ok()) return s;
  if (const auto setting = cuda_setting(flow, spec); setting.starts_with("RR"))
    pods.devices_ = round_robin_devices(setting, spec.replicas(), count_devices()).value_or(std::vector<std::string>{});
  if (const auto list = spec.options.texts("cpu-affinity"); !list.empty()) {
    pods.cores_ = usable_cores();
    if (auto cores = cores_for(list, 0, pods.cores_); !cores)
      return Status{cores.error().code, "cpu_affinity: " + cores.error().message};
  }
  return pods;
}

Status ExecutorPods::find(Pythons& pythons) {
  if (config::classify_uses(spec_->options.text("uses")) == config::UsesKind::kImage) {
    runs_ = Runs::kContainer;
    auto engine = find_container_engine(spec_->options.text("uses"));
    if (!engine) return engine.error();
    program_ = *engine;
    return {};
  }
  auto files = find_used_files(spec_->options, spec_->directory);
  if (!files) return files.error();
  files_ = std::move(*files);
  if (!files_.python) return {};
  runs_ = Runs::kPython;
  auto python = pythons.find(*spec_, files_.python_file);
  if (!python)
    return {python.error().code,
            (files_.python_place.empty() || spec_->options.is_set("python") ? "" : files_.python_place + ": ") +
                python.error().message};
  program_ = *python;
  return {};
}

std::vector<std::string> ExecutorPods::arguments(const PodSeat& seat) const {
  std::vector<std::string> words;
  const auto add = [&](std::initializer_list<std::string> more) { words.insert(words.end(), more); };
  // An image says itself which program it is.
  if (runs_ == Runs::kPython) add({"-m", "jina"});
  if (runs_ != Runs::kContainer) add({"executor"});
  add({"--name", seat.name, "--host", seat.host, "--port", std::to_string(seat.port), "--replica-id",
       std::to_string(seat.replica)});
  if (seat.metrics_port != 0) add({"--port-monitoring", std::to_string(seat.metrics_port)});
  if (seat.shard >= 0) add({"--shard-id", std::to_string(seat.shard), "--shards", std::to_string(spec_->shards())});
  if (spec_->replicas() > 1) add({"--replicas", std::to_string(spec_->replicas())});
  // Without it Jina starts a process in the process.
  if (runs_ != Runs::kHere) add({"--native"});
  if (!files_.uses.empty()) add({"--uses", files_.uses});
  if (!files_.modules.empty()) {
    words.push_back("--py-modules");
    words.insert(words.end(), files_.modules.begin(), files_.modules.end());
  }
  config::OptionBag told(spec_->options.set());
  for (const auto* option : spec_->options.set_options())
    if (is_forwarded(*option, runs_)) told.set_value(option->name(), spec_->options.get(option->name()));
  for (auto& word : told.to_words()) words.push_back(std::move(word));
  return words;
}

std::vector<std::pair<std::string, std::string>> ExecutorPods::environment(const PodSeat& seat) const {
  std::vector<std::pair<std::string, std::string>> out;
  if (runs_ == Runs::kPython) {
    // Its lines come at once, and long ones in one piece.
    out.emplace_back("PYTHONUNBUFFERED", "1");
    out.emplace_back("COLUMNS", "200");
  }
  add_environment(out, flow_->environment);
  add_environment(out, spec_->options.object("env"));
  if (const auto replica = static_cast<std::size_t>(seat.replica); replica < devices_.size())
    out.emplace_back("CUDA_VISIBLE_DEVICES", devices_[replica]);
  return out;
}

Result<PodPlan> ExecutorPods::pod(const PodSeat& seat) const {
  PodPlan pod;
  pod.name = seat.name;
  pod.python = runs_ == Runs::kPython;
  pod.health = {client::Protocol::kGrpc, false, reachable(seat.host), seat.port};
  pod.timeout_ready = ready_limit(spec_->options);
  pod.restart = parse_restart_policy(spec_->options.text("restart"));
  if (runs_ == Runs::kContainer) {
    std::string container = fmt::format("jina-{}-{}", ::getpid(), seat.name);
    std::replace(container.begin(), container.end(), '/', '-');
    auto process = container_process(*spec_, {.engine = program_,
                                              .container = container,
                                              .port = seat.port,
                                              .metrics_port = seat.metrics_port,
                                              .arguments = arguments(seat),
                                              .environment = environment(seat)});
    if (!process) return process.error();
    pod.process = std::move(*process);
  } else {
    pod.process.program = program_;
    pod.process.arguments = arguments(seat);
    pod.process.environment = environment(seat);
  }
  if (!cores_.empty()) {
    auto cores = cores_for(spec_->options.texts("cpu-affinity"), seat.replica, cores_);
    if (!cores) return cores.error();
    pod.process.cores = std::move(*cores);
  }
  return pod;
}

}  // namespace jina::flow
