#include "exporter/workload.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <boost/json/value_from.hpp>
#include <set>

#include "client/target.hpp"
#include "config/gateway_yaml.hpp"
#include "config/option_sets.hpp"
#include "config/uses_config.hpp"
#include "exporter/used_image.hpp"
#include "flow/colocation_plan.hpp"
#include "flow/effects.hpp"
#include "flow/topology_args.hpp"

namespace jina::exporter {

namespace json = boost::json;

namespace {

// Of the Executor itself; a head has none.
const std::set<std::string_view> kNotForHeads{"uses-with",         "uses-metas", "uses-requests",      "uses-dynamic-batching",
                                              "compile-flags",     "packages",   "exit-on-exceptions", "install-requirements",
                                              "output-array-type", "workspace",  "allow-concurrent"};
// The place where the process runs decides about them.
const std::set<std::string_view> kOfThePlace{"k8s-namespace",      "port-monitoring",    "monitoring", "env-from-secret",
                                             "image-pull-secrets", "extra-search-paths", "reload",     "native"};

bool is_this_machine(const std::string& host) {
  return host == "localhost" || host == "127.0.0.1" || host == "0.0.0.0" || host == "::1";
}

class Maker {
 public:
  Maker(const flow::FlowSpec& flow, const ImageNames& images, const Naming& naming, Remarks& remarks)
      : flow_(flow), images_(images), naming_(naming), remarks_(remarks) {}

  Result<std::vector<Workload>> run() {
    remarks_.context = flow_folder(flow_);
    for (const auto& spec : flow_.deployments) {
      auto status = spec.flag("external") ? external(spec) : deployment(spec);
      if (!status.ok()) return status;
    }
    if (auto status = gateway(); !status.ok()) return status;
    return std::move(workloads_);
  }

 private:
  Status fail(const flow::DeploymentSpec& spec, std::string_view option, const std::string& message) const {
    return config::error_at(spec.source, spec.at(option), spec.name + ": " + message);
  }

  /// Until it has the files of an image in it.
  Status widen_context(const UsedImage& used) {
    for (const auto& file : used.files) {
      while (*file.lexically_relative(remarks_.context).begin() == "..") remarks_.context = remarks_.context.parent_path();
      if (remarks_.context == remarks_.context.root_path())
        return {StatusCode::kInvalidArgument,
                file.string() +
                    " and the Flow have no folder in common that an image could be made of; move them "
                    "together, or make an image and write 'uses: docker://IMAGE'"};
    }
    return {};
  }

  Status external(const flow::DeploymentSpec& spec) {
    const auto hosts = spec.options.texts("host");
    const auto ports = spec.options.ports("port");
    const std::size_t count = std::max({hosts.size(), ports.size(), std::size_t{1}});
    if (hosts.empty() || (hosts.size() > 1 && hosts.size() != count) || (ports.size() > 1 && ports.size() != count))
      return fail(spec, "host", "give one host and port, or as many of each");
    for (std::size_t i = 0; i < count; ++i) {
      client::TargetDefaults defaults;
      defaults.tls = spec.flag("tls");
      defaults.port = ports.empty() ? 0 : ports[std::min(i, ports.size() - 1)];
      auto target = client::parse_target(hosts[std::min(i, hosts.size() - 1)], defaults);
      if (!target) return fail(spec, "host", "host: " + target.error().message);
      if (is_this_machine(target->host)) {
        if (naming_.host_of_machine.empty())
          remarks_.warnings.push_back(
              config::place(spec.source, spec.at("host"),
                            spec.name + " is external at " + target->host +
                                ", which in a cluster is the gateway's own pod; name a host that the cluster can reach"));
        else
          target->host = naming_.host_of_machine;
      }
      addresses_[spec.name].push_back(target->url());
    }
    return {};
  }

  Status deployment(const flow::DeploymentSpec& spec) {
    auto used = used_image(spec.options, flow_, spec.directory, "Executor", images_);
    if (!used) return fail(spec, "uses", used.error().message);
    if (auto status = widen_context(*used); !status.ok()) return fail(spec, "uses", status.message);
    if (spec.colocate()) return colocated(spec, *used);
    const bool headed = spec.shards() > 1;
    for (int shard = 0; shard < spec.shards(); ++shard) {
      Workload worker = begin(spec, Role::kWorker, *used);
      if (headed) worker.shard = shard;
      worker.replicas = spec.replicas();
      auto bag = forwarded(spec.options, worker.image);
      if (spec.replicas() > 1) bag.set_value("replicas", spec.replicas());
      if (headed) {
        bag.set_value("shards", spec.shards());
        bag.set_value("shard-id", shard);
      }
      finish(worker, std::move(bag), *used, naming_.port);
      auto where = naming_.workers(spec, worker.shard);
      if (!headed) addresses_[spec.name] = std::move(where);
      workloads_.push_back(std::move(worker));
    }
    return headed ? head(spec) : Status{};
  }

  /// It has no process: the gateway is told what to make it of.
  Status colocated(const flow::DeploymentSpec& spec, const UsedImage& used) {
    auto arguments = flow::colocation_arguments(spec);
    if (!arguments) return fail(spec, "colocate", arguments.error().message);
    if (!used.uses.empty()) (*arguments)["uses"] = used.uses;
    if (!used.modules.empty()) (*arguments)["py_modules"] = json::value_from(used.modules);
    arguments->erase("extra_search_paths");
    colocated_has_files_ = colocated_has_files_ || !used.files.empty();
    for (const auto& [name, value] : spec.options.object("env")) colocated_environment_[name] = value;
    colocated_[spec.name] = std::move(*arguments);
    return {};
  }

  Status head(const flow::DeploymentSpec& spec) {
    Workload head = begin(spec, Role::kHead, UsedImage{.image = {ImageKind::kBase, images_.base}});
    config::OptionBag bag = forwarded(spec.options, head.image, true);
    bag.set_value("runtime-cls", json::string("HeadRuntime"));
    bag.set_value("pod-role", json::string("HEAD"));
    if (spec.options.is_set("polling")) bag.set_value("polling", spec.options.get("polling"));
    if (spec.flag("no-reduce")) bag.set_value("no-reduce", true);
    json::object shards;
    for (int shard = 0; shard < spec.shards(); ++shard)
      shards[std::to_string(shard)] = json::value_from(naming_.workers(spec, shard));
    bag.set_value("connection-list", std::move(shards));
    for (const auto role : {Role::kBefore, Role::kAfter}) {
      const std::string key = role == Role::kBefore ? "uses-before" : "uses-after";
      const auto uses = spec.options.text(key);
      if (uses.empty()) continue;
      config::OptionBag own(spec.options.set());
      own.set_value("uses", json::string(uses));
      if (spec.options.is_set("py-modules")) own.set_value("py-modules", spec.options.get("py-modules"));
      auto used = used_image(own, flow_, spec.directory, "Executor", images_);
      if (!used) return fail(spec, key, key + ": " + used.error().message);
      if (auto status = widen_context(*used); !status.ok()) return fail(spec, key, key + ": " + status.message);
      Workload around = begin(spec, role, *used);
      bag.set_value(key + "-address", json::string(naming_.around(spec, role)));
      auto words = forwarded(spec.options, around.image, true);
      finish(around, std::move(words), *used, naming_.port_around(role));
      workloads_.push_back(std::move(around));
    }
    finish(head, std::move(bag), UsedImage{.image = head.image}, naming_.port);
    addresses_[spec.name] = {naming_.head(spec)};
    workloads_.push_back(std::move(head));
    return {};
  }

  Workload begin(const flow::DeploymentSpec& spec, Role role, const UsedImage& used) const {
    Workload workload{.role = role, .spec = &spec, .name = spec.name, .image = used.image};
    workload.options = &spec.options;
    workload.protocols = {"GRPC"};
    workload.environment = flow_.environment;
    for (const auto& [name, value] : spec.options.object("env")) workload.environment[name] = value;
    return workload;
  }

  static flow::Runs runs(const Image& image) {
    return image.kind == ImageKind::kGiven    ? flow::Runs::kContainer
           : image.kind == ImageKind::kPython ? flow::Runs::kPython
                                              : flow::Runs::kHere;
  }

  config::OptionBag forwarded(const config::OptionBag& options, const Image& image, bool around_shards = false) const {
    config::OptionBag bag(options.set());
    for (const auto* option : options.set_options()) {
      const std::string_view name = option->name();
      if (!flow::is_forwarded(*option, runs(image)) || kOfThePlace.contains(name)) continue;
      if (around_shards && kNotForHeads.contains(name)) continue;
      bag.set_value(name, options.get(name));
    }
    return bag;
  }

  /// Names, ports and files: what every Executor is told.
  void finish(Workload& workload, config::OptionBag bag, const UsedImage& used, std::uint16_t port) const {
    const bool around = workload.role == Role::kBefore || workload.role == Role::kAfter;
    workload.ports = {port};
    bag.set_value("name", json::string(workload_name(workload)));
    bag.set_value("host", json::array{"0.0.0.0"});
    bag.set_value("port", json::array{port});
    if (!used.uses.empty()) bag.set_value("uses", json::string(used.uses));
    if (!used.modules.empty()) bag.set_value("py-modules", json::value_from(used.modules));
    // In the pod of a head there is one port for metrics.
    workload.metrics = !around && workload.options->flag("monitoring");
    if (workload.metrics) {
      bag.set_value("monitoring", true);
      bag.set_value("port-monitoring", json::array{kMetricsPort});
    }
    workload.arguments = bag.to_words();
    workload.arguments.insert(workload.arguments.begin(), "executor");
    if (!workload.image.ours()) workload.arguments.emplace_back("--native");
    workload.arguments.insert(workload.arguments.end(), naming_.more_arguments.begin(), naming_.more_arguments.end());
  }

  Status gateway() {
    config::OptionBag bag = flow_.gateway;
    const auto fail = [&](const std::string& message) {
      return config::error_at(flow_.source, flow_.gateway_position, "gateway: " + message);
    };
    auto used = used_image(bag, flow_, flow_.directory, "gateway", images_);
    if (!used) return fail(used.error().message);
    if (auto status = widen_context(*used); !status.ok()) return fail(status.message);
    Workload workload{.role = Role::kGateway, .name = "gateway", .image = used->image, .options = &flow_.gateway};
    if (used->image.ours()) {
      auto uses = config::load_uses(used->local_uses, used->local_modules, "gateway", bag.texts("extra-search-paths"));
      if (!uses) return fail(uses.error().message);
      if (auto applied = config::apply_gateway_yaml(bag, *uses); !applied) return fail(applied.error().message);
      workload.own_class = !config::is_builtin_gateway(uses->class_name) || (uses->class_name.empty() && !uses->modules.empty());
      config::apply_builtin_protocol(bag, uses->class_name);
    } else {
      workload.own_class = true;
    }
    workload.protocols = bag.texts("protocol");
    workload.ports = bag.ports("port");
    std::erase(workload.ports, 0);
    if (naming_.gateway_port != 0) workload.ports = {naming_.gateway_port};
    if (workload.ports.empty()) workload.ports = {8080};
    // One port of the Flow's own may serve all protocols.
    if (naming_.gateway_port != 0 || workload.ports.size() > 1 || bag.ports("port").empty())
      while (workload.ports.size() < workload.protocols.size())
        workload.ports.push_back(static_cast<std::uint16_t>(workload.ports.back() + 1));
    workload.replicas = static_cast<int>(std::max<std::int64_t>(1, bag.integer("replicas", 1)));
    workload.tls = !bag.text("ssl-certfile").empty();
    workload.environment = flow_.environment;
    for (const auto& [name, value] : bag.object("env")) workload.environment[name] = value;
    for (const auto& [name, value] : colocated_environment_) workload.environment[name] = value;
    if (colocated_has_files_ && workload.image.kind == ImageKind::kBase) workload.image = {ImageKind::kFlow, images_.flow};
    workload.metrics = bag.flag("monitoring");
    write_arguments(workload, bag, *used);
    workloads_.push_back(std::move(workload));
    return {};
  }

  void write_arguments(Workload& workload, const config::OptionBag& bag, const UsedImage& used) const {
    const auto topology = flow::topology_args(flow_, addresses_);
    static const std::set<std::string_view> kOwn{"env", "timeout-ready", "restart", "replicas", "name", "colocate"};
    config::OptionBag words(bag.set());
    for (const auto* option : bag.set_options()) {
      const std::string_view name = option->name();
      if (kOwn.contains(name) || kOfThePlace.contains(name)) continue;
      if (flow::is_forwarded(*option, flow::Runs::kHere) || name == "protocol" || (!used.image.ours() && option->effective))
        words.set_value(name, bag.get(name));
    }
    words.set_value("name", json::string("gateway"));
    words.set_value("host", json::string("0.0.0.0"));
    words.set_value("port", json::value_from(workload.ports));
    if (!workload.protocols.empty()) words.set_value("protocol", json::value_from(workload.protocols));
    words.set_value("graph-description", topology.graph_description);
    if (!topology.graph_conditions.empty()) words.set_value("graph-conditions", topology.graph_conditions);
    words.set_value("deployments-addresses", topology.deployments_addresses);
    if (!topology.deployments_metadata.empty()) words.set_value("deployments-metadata", topology.deployments_metadata);
    if (!topology.deployments_no_reduce.empty()) words.set_value("deployments-no-reduce", topology.deployments_no_reduce);
    if (!colocated_.empty()) words.set_value("colocate", colocated_);
    if (!used.uses.empty()) words.set_value("uses", json::string(used.uses));
    if (!used.modules.empty()) words.set_value("py-modules", json::value_from(used.modules));
    if (used.image.ours() && !bag.is_set("drain-delay")) words.set_value("drain-delay", kDrainDelay);
    if (workload.metrics) {
      words.set_value("monitoring", true);
      words.set_value("port-monitoring", json::array{kMetricsPort});
    }
    workload.arguments = words.to_words();
    workload.arguments.insert(workload.arguments.begin(), "gateway");
    workload.arguments.insert(workload.arguments.end(), naming_.more_arguments.begin(), naming_.more_arguments.end());
  }

  const flow::FlowSpec& flow_;
  const ImageNames& images_;
  const Naming& naming_;
  Remarks& remarks_;
  std::vector<Workload> workloads_;
  flow::Addresses addresses_;
  json::object colocated_{};  // --colocate of the gateway
  json::object colocated_environment_{};
  bool colocated_has_files_ = false;
};

}  // namespace

Result<std::vector<Workload>> make_workloads(const flow::FlowSpec& flow, const ImageNames& images, const Naming& naming,
                                             Remarks& remarks) {
  return Maker(flow, images, naming, remarks).run();
}

}  // namespace jina::exporter
