#include "flow/container.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <filesystem>

#include "base/subprocess.hpp"
#include "config/environment.hpp"
#include "config/shell_words.hpp"

namespace jina::flow {

namespace fs = std::filesystem;

namespace {

std::string image_of(const std::string& uses) { return uses.substr(uses.find("://") + 3); }

/// "here" and "here:there", both as Jina reads them: without a place in the container it goes below its root.
Result<std::string> volume(const std::string& text, const fs::path& directory) {
  const auto colon = text.find(':');
  const std::string here = text.substr(0, colon);
  if (here.empty()) return Status{StatusCode::kInvalidArgument, "volumes: '" + text + "' is no FOLDER:PLACE"};
  const auto path = (directory / here).lexically_normal();
  std::error_code error;
  fs::create_directories(path, error);
  if (error)
    return Status{StatusCode::kInvalidArgument, "volumes: cannot make the folder " + path.string() + ": " + error.message()};
  return path.string() + ":" + (colon == text.npos ? "/" + path.filename().string() : text.substr(colon + 1));
}

/// Jina writes 'all', a number, or device=0,device=1.
std::string gpus(const std::string& text) {
  std::string devices;
  for (std::string_view rest = text; !rest.empty();) {
    const auto comma = rest.find(',');
    const auto part = rest.substr(0, comma);
    if (part.starts_with("device=")) devices += (devices.empty() ? "" : ",") + std::string(part.substr(7));
    rest.remove_prefix(comma == rest.npos ? rest.size() : comma + 1);
  }
  return devices.empty() ? text : "\"device=" + devices + "\"";
}

/// Arguments of Docker's SDK as those of its command: shm_size: 1g -> --shm-size 1g.
void add_engine_arguments(std::vector<std::string>& words, const boost::json::object& arguments) {
  for (const auto& [key, value] : arguments) {
    std::string name = "--" + std::string(key);
    std::replace(name.begin(), name.end(), '_', '-');
    const auto text = [](const boost::json::value& item) {
      return item.is_string() ? std::string(item.get_string()) : boost::json::serialize(item);
    };
    if (value.is_bool()) {
      if (value.get_bool()) words.push_back(name);
    } else if (value.is_array()) {
      for (const auto& item : value.get_array()) words.insert(words.end(), {name, text(item)});
    } else {
      words.insert(words.end(), {name, text(value)});
    }
  }
}

}  // namespace

Result<std::string> find_container_engine(const std::string& uses) {
  for (const char* name : {"docker", "podman"})
    if (auto program = find_program(name); !program.empty()) return program;
  return Status{StatusCode::kFailedPrecondition,
                "'" + image_of(uses) +
                    "' is a container image, and neither docker nor podman is on PATH; install one of them, or start the container "
                    "elsewhere and add the Executor with 'external: true'"};
}

Result<ProcessOptions> container_process(const DeploymentSpec& spec, ContainerRun run) {
  const auto& options = spec.options;
  ProcessOptions process{.program = run.engine};
  auto& words = process.arguments;
  const auto add = [&](std::initializer_list<std::string> more) { words.insert(words.end(), more); };
  auto engine_arguments = options.object("docker-kwargs");
  // The name that it really has is the one to remove it by.
  if (const auto* name = engine_arguments.if_contains("name"); name != nullptr && name->is_string()) {
    run.container = name->get_string();
    engine_arguments.erase("name");
  }
  add({"run", "--rm", "--name", run.container});
  const auto network = options.text("force-network-mode");
  if (network == "NONE" || network == "BRIDGE") {
    // NONE says nothing about a network: it is the engine's own, with the ports published, as in Jina.
    if (network == "BRIDGE") add({"--network", "bridge"});
    for (const auto port : {run.port, run.metrics_port})
      if (port != 0) add({"--publish", fmt::format("{0}:{0}", port)});
  } else {
    add({"--network", "host"});
  }
  add({"--add-host", "host.docker.internal:host-gateway"});
  auto volumes = options.texts("volumes");
  if (volumes.empty() && !options.flag("disable-auto-volume")) {
    // What the Executor writes outlives the container, as with Jina.
    volumes.push_back(config::environment_value("HOME") + "/.cache/jina:/app/.cache/jina");
    if (!options.is_set("workspace")) run.arguments.insert(run.arguments.end(), {"--workspace", "/app/.cache/jina"});
  }
  for (const auto& text : volumes) {
    auto mounted = volume(text, spec.directory);
    if (!mounted) return mounted.error();
    add({"--volume", *mounted});
  }
  if (const auto wanted = options.text("gpus"); !wanted.empty()) add({"--gpus", gpus(wanted)});
  for (const auto& [name, value] : run.environment) add({"--env", name + "=" + value});
  add_engine_arguments(words, engine_arguments);
  auto entrypoint = config::split_shell_words(options.text("entrypoint"));
  if (!entrypoint.empty()) {
    add({"--entrypoint", entrypoint.front()});
    entrypoint.erase(entrypoint.begin());
  }
  words.push_back(image_of(options.text("uses")));
  words.insert(words.end(), entrypoint.begin(), entrypoint.end());
  words.insert(words.end(), run.arguments.begin(), run.arguments.end());
  // The engine's command hands SIGTERM on to the container, but it can not hand on the SIGKILL that ends it.
  process.afterwards = {run.engine, "rm", "--force", run.container};
  process.elsewhere = "the container " + run.container;
  return process;
}

}  // namespace jina::flow
