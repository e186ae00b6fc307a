#include "flow/check.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>

#include "config/gateway_yaml.hpp"
#include "config/option_sets.hpp"
#include "config/search_path.hpp"
#include "config/uses_config.hpp"
#include "document/condition.hpp"
#include "flow/check_class.hpp"
#include "flow/executor_pods.hpp"
#include "flow/port_reservation.hpp"
#include "flow/shard_plan.hpp"
#include "topology/polling.hpp"

namespace jina::flow {

namespace {

/// The arguments that `uses_with` names, with their places.
void add_arguments(NamedClass& named, const config::OptionBag& options, const Places& places, config::Position otherwise) {
  for (const auto& [key, value] : options.object("uses-with")) {
    const auto found = places.find("uses-with." + std::string(key));
    named.with.emplace_back(std::string(key), found == places.end() ? otherwise : found->second);
  }
}

CompiledModules compiled_modules(const CheckOptions& options, const UsedFiles& files, const config::OptionBag& bag,
                                 const std::string& file) {
  CompiledModules compiled{.notes = options.notes, .way = "'jina build " + file + "'"};
  if (options.compiled)
    compiled.look = [&options, &files, &bag](const std::filesystem::path& module) { return options.compiled(module, files, bag); };
  return compiled;
}

class FlowCheck {
 public:
  FlowCheck(const FlowSpec& flow, config::Diagnostics& diagnostics, const CheckOptions& options)
      : flow_(flow), diagnostics_(diagnostics), options_(options), pythons_(options.python) {}

  void run() {
    gateway();
    for (const auto& spec : flow_.deployments) deployment(spec);
    ports();
  }

 private:
  void error(const DeploymentSpec& spec, std::string_view option, const std::string& message) {
    diagnostics_.add_text(config::Severity::kError, spec.source, spec.at(option), message);
  }

  void deployment(const DeploymentSpec& spec) {
    condition(spec);
    polling(spec);
    if (spec.flag("external")) {
      if (auto targets = external_targets(spec); !targets)
        error(spec, spec.options.is_set("host") ? "host" : "port", spec.name + ": " + targets.error().message);
      if (spec.colocate()) error(spec, "colocate", spec.name + ": an external Executor can not be in the gateway's process");
      return;
    }
    if (const auto protocols = spec.options.texts("protocol");
        std::find(protocols.begin(), protocols.end(), "GRPC") == protocols.end())
      error(spec, "protocol",
            fmt::format("{}: a gateway calls its Executors over gRPC, this one speaks {} only; leave 'protocol' out", spec.name,
                        fmt::join(protocols, " and ")));
    for (const auto port : spec.options.ports("port"))
      if (port != 0) ports_[port].push_back({spec.name, spec.source, spec.at("port")});
    if (spec.flag("monitoring"))
      for (const auto port : spec.options.ports("port-monitoring"))
        if (port != 0) ports_[port].push_back({"the metrics of " + spec.name, spec.source, spec.at("port-monitoring")});
    if (const auto count = spec.options.ports("port").size(); count > static_cast<std::size_t>(spec.replicas()))
      diagnostics_.warn(
          spec.source, spec.at("port"),
          fmt::format("{} has {} ports and {} replicas; the last ports are not used", spec.name, count, spec.replicas()));
    auto pods = ExecutorPods::make(flow_, spec, "jina", pythons_);
    if (!pods && told_already(pods.error().message)) return;
    if (!pods) {
      error(spec, blamed_option(spec, pods.error().message), with_name(spec.name, pods.error().message));
      return rest_of_config(spec);
    }
    if (spec.colocate() && pods->runs() != Runs::kHere)
      error(spec, "colocate",
            spec.name + ": only a C++ Executor can be in the gateway's process, and this one is " +
                (pods->runs() == Runs::kPython ? "Python" : "a container image") + "; take 'colocate' out");
    if (spec.colocate() && spec.places.contains("env"))
      diagnostics_.warn(spec.source, spec.at("env"),
                        fmt::format("{}: with 'colocate' it has no process of its own, so 'env' is set in the gateway's, for "
                                    "everything in there",
                                    spec.name),
                        "write it under 'gateway', or leave out 'colocate'");
    if (spec.colocate() && ShardPlan::needed(spec))
      error(
          spec, "colocate",
          spec.name + ": an Executor in the gateway's process has no shards; leave out 'colocate' to give it a process of its own");
    executor_class(spec, *pods);
    if (ShardPlan::needed(spec)) around_shards(spec);
  }

  void around_shards(const DeploymentSpec& spec) {
    ShardPlan shards(spec);
    for (const ShardPod& pod : shards.pods()) {
      if (pod.role == ShardPod::Role::kShard) continue;
      auto pods = ExecutorPods::make(flow_, pod.spec, "jina", pythons_);
      if (pods)
        executor_class(pod.spec, *pods);
      else if (!told_already(pods.error().message))
        error(pod.spec, "uses", with_name(spec.name, pods.error().message));
    }
  }

  /// That there is no interpreter is said once, not for each Executor.
  bool told_already(const std::string& message) {
    const auto at = message.find("' is Python, and ");
    return at != message.npos && !told_.insert(message.substr(at)).second;
  }

  /// The keys of a YAML whose files or interpreter are missing are worth a look too.
  void rest_of_config(const DeploymentSpec& spec) {
    const auto uses = spec.options.text("uses");
    const auto extra = spec.options.texts("extra-search-paths");
    if (config::classify_uses(uses) != config::UsesKind::kYamlFile) return;
    const auto path = config::SearchPath(spec.directory, extra).find(uses);
    if (!path) return;
    if (auto document = config::load_file(*path)) read_class(*document, "Executor", extra, diagnostics_);
  }

  /// A message that has a place of its own needs no name in front.
  static std::string with_name(const std::string& name, const std::string& message) {
    config::Diagnostics one;
    one.add_text(config::Severity::kError, "", {}, message);
    return one.sorted().front().position.line > 0 ? message : name + ": " + message;
  }

  static std::string_view blamed_option(const DeploymentSpec& spec, const std::string& message) {
    for (const char* option : {"cpu-affinity", "python", "volumes"}) {
      std::string key(option);
      std::replace(key.begin(), key.end(), '-', '_');
      if (message.starts_with(key + ":")) return option;
    }
    for (const auto& module : spec.options.texts("py-modules"))
      if (message.find("'" + module + "'") != message.npos) return "py-modules";
    return spec.options.is_set("uses") ? "uses" : "py-modules";
  }

  void executor_class(const DeploymentSpec& spec, const ExecutorPods& pods) {
    if (pods.runs() == Runs::kContainer) return;
    const auto uses = spec.options.text("uses");
    class_of(uses, pods.files(), spec.options, spec.places, spec.source, spec.at("uses"), "Executor", spec.directory);
  }

  /// The class that `uses` names, in whatever form.
  void class_of(const std::string& uses, const UsedFiles& files, const config::OptionBag& options, const Places& places,
                const std::string& source, config::Position position, const std::string& what,
                const std::filesystem::path& directory) {
    NamedClass named;
    const auto compiled = compiled_modules(options_, files, options, flow_.source);
    const auto extra = options.texts("extra-search-paths");
    const auto kind = config::classify_uses(uses);
    if (kind == config::UsesKind::kYamlFile || kind == config::UsesKind::kText) {
      auto document =
          kind == config::UsesKind::kYamlFile ? config::load_file(files.uses) : config::load_text(uses, "uses", directory);
      if (!document) return diagnostics_.add_text(config::Severity::kError, source, position, document.error().message);
      named = read_class(*document, what, extra, diagnostics_);
      if (kind == config::UsesKind::kText) {
        named.source = source;
        named.class_position = position;
        for (auto& [name, place] : named.with) place = position;
      }
      check_class(with_modules(named, files), diagnostics_, compiled);
      // What the item adds is another text.
      named.with.clear();
    } else if (kind == config::UsesKind::kClass && options.is_set("uses")) {
      named.name = uses;
    }
    named.source = source;
    named.class_position = position;
    const auto at = places.find("uses-with");
    add_arguments(named, options, places, at == places.end() ? position : at->second);
    if (kind == config::UsesKind::kModule || kind == config::UsesKind::kPython) named.modules.push_back(files.uses);
    named = with_modules(named, files);
    if (kind == config::UsesKind::kYamlFile || kind == config::UsesKind::kText) {
      if (named.with.empty()) return;
      config::Diagnostics arguments_only;
      check_class(named, arguments_only, compiled);
      for (const auto& item : arguments_only.sorted())
        if (item.message.find("argument") != item.message.npos)
          diagnostics_.add(item.severity, item.source, item.position, item.message, item.hint);
      return;
    }
    check_class(named, diagnostics_, compiled);
  }

  static NamedClass with_modules(NamedClass named, const UsedFiles& files) {
    for (const auto& module : files.modules)
      if (std::find(named.modules.begin(), named.modules.end(), module) == named.modules.end()) named.modules.push_back(module);
    named.python = named.python || files.python;
    return named;
  }

  /// ANY or ALL, for all endpoints or by their names.
  void polling(const DeploymentSpec& spec) {
    const auto text = spec.options.text("polling");
    std::vector<topology::Polling::Mistake> mistakes;
    (void)topology::Polling::parse(text, mistakes);
    for (const auto& [endpoint, value, problem] : mistakes) {
      if (endpoint.empty())
        error(spec, "polling",
              fmt::format("{}: polling: {} {}; write ANY, ALL, or {{/endpoint: ALL, '*': ANY}}", spec.name, value, problem));
      else
        error(spec, "polling." + endpoint, fmt::format("{}: polling of {}: {} {}", spec.name, endpoint, value, problem));
    }
  }

  void condition(const DeploymentSpec& spec) {
    if (!spec.options.is_set("when")) return;
    if (auto compiled = Condition::compile(spec.options.get("when")); !compiled)
      error(spec, "when", spec.name + ": when: " + compiled.error().message);
  }

  void gateway() {
    config::OptionBag bag = flow_.gateway;
    const auto fail = [&](std::string_view option, const std::string& message) {
      diagnostics_.add_text(config::Severity::kError, flow_.source, flow_.gateway_at(option), message);
    };
    if (bag.is_set("ssl-certfile") != bag.is_set("ssl-keyfile"))
      fail(bag.is_set("ssl-certfile") ? "ssl-certfile" : "ssl-keyfile", "gateway: TLS needs both ssl_certfile and ssl_keyfile");
    if (const auto prefetch = bag.integer("prefetch", 1000); prefetch < 0)
      fail("prefetch", fmt::format("gateway: prefetch is {}, it must be 0 (no limit) or more", prefetch));
    auto files = find_used_files(bag, flow_.directory);
    if (!files) return fail(bag.is_set("uses") ? "uses" : "py-modules", with_name("gateway", files.error().message));
    if (files->python)
      return fail("uses", (files->python_place.empty() ? "gateway: " : files->python_place + ": ") +
                              config::python_advice(files->python_file, "gateway"));
    auto uses = config::load_uses(files->uses, files->modules, "gateway", bag.texts("extra-search-paths"));
    if (!uses) return fail("uses", uses.error().message);
    auto applied = config::apply_gateway_yaml(bag, *uses);
    if (!applied) return fail("uses", applied.error().message);
    for (const auto& warning : config::apply_builtin_protocol(bag, uses->class_name))
      diagnostics_.add_text(config::Severity::kWarning, flow_.source, flow_.gateway_at("protocol"), "gateway: " + warning);
    const auto ports = bag.ports("port");
    const auto protocols = bag.texts("protocol");
    if (ports.size() > 1 && ports.size() != protocols.size())
      fail("port", fmt::format("gateway: {} ports and {} protocols; give one port for all of them, or as many as protocols",
                               ports.size(), protocols.size()));
    for (const auto port : ports)
      if (port != 0) ports_[port].push_back({"gateway", flow_.source, flow_.gateway_at("port")});
    if (bag.flag("monitoring"))
      for (const auto port : bag.ports("port-monitoring"))
        if (port != 0) ports_[port].push_back({"the metrics of the gateway", flow_.source, flow_.gateway_at("port-monitoring")});
    if (bag.is_set("uses") || bag.is_set("py-modules"))
      class_of(bag.text("uses"), *files, bag, flow_.gateway_places, flow_.source, flow_.gateway_at("uses"), "gateway",
               flow_.directory);
  }

  void ports() {
    for (const auto& [port, users] : ports_) {
      for (std::size_t i = 1; i < users.size(); ++i)
        diagnostics_.error(users[i].source, users[i].position,
                           fmt::format("port {} is given to {} and to {}", port, users[0].name, users[i].name),
                           "give each its own, or none: then a free one is taken");
      if (!options_.ports || users.size() > 1) continue;
      if (auto free = PortReservation::make(port); !free)
        diagnostics_.error(users.front().source, users.front().position, users.front().name + ": " + free.error().message);
    }
  }

  struct PortUser {
    std::string name;
    std::string source;
    config::Position position;
  };

  const FlowSpec& flow_;
  config::Diagnostics& diagnostics_;
  const CheckOptions& options_;
  Pythons pythons_;
  std::map<std::uint16_t, std::vector<PortUser>> ports_;
  std::set<std::string> told_;
};

}  // namespace

void check_flow(const FlowSpec& flow, config::Diagnostics& diagnostics, const CheckOptions& options) {
  FlowCheck(flow, diagnostics, options).run();
}

void check_class_file(const std::filesystem::path& path, const std::string& what, config::Diagnostics& diagnostics,
                      const CheckOptions& options, const std::vector<std::string>& search_paths) {
  std::vector<std::string> warnings;
  config::SubstituteOptions substitution;
  substitution.warnings = &warnings;
  auto document = config::load_file(path, substitution);
  for (const auto& warning : warnings) diagnostics.add_text(config::Severity::kWarning, path.string(), {}, warning);
  if (!document) return diagnostics.add_text(config::Severity::kError, path.string(), {}, document.error().message);
  const UsedFiles files{.uses = path.string()};
  const config::OptionBag none(config::executor_options());
  check_class(read_class(*document, what, search_paths, diagnostics), diagnostics,
              compiled_modules(options, files, none, path.string()));
}

}  // namespace jina::flow
