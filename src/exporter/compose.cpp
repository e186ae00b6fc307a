#include "exporter/compose.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <boost/json/value_from.hpp>

#include "exporter/image_files.hpp"
#include "exporter/yaml_text.hpp"

namespace jina::exporter {

namespace json = boost::json;
namespace fs = std::filesystem;

namespace {

constexpr std::uint16_t kPort = 8081;  // as in Jina's export: the gateway may have 8080

std::string replica_service(const flow::DeploymentSpec& spec, std::optional<int> shard, int replica) {
  std::string name = dns_name(spec.name);
  if (shard) name += fmt::format("-{}", *shard);
  if (spec.replicas() > 1) name += fmt::format("-rep-{}", replica);
  return name;
}

const char* around_service(Role role) { return role == Role::kBefore ? "uses-before" : "uses-after"; }

Naming naming() {
  Naming names;
  names.port = kPort;
  names.workers = [](const flow::DeploymentSpec& spec, std::optional<int> shard) {
    std::vector<std::string> out;
    for (int replica = 0; replica < spec.replicas(); ++replica)
      out.push_back(fmt::format("{}{}:{}", shard ? "" : "grpc://", replica_service(spec, shard, replica), kPort));
    return out;
  };
  names.head = [](const flow::DeploymentSpec& spec) { return fmt::format("grpc://{}-head:{}", dns_name(spec.name), kPort); };
  names.around = [](const flow::DeploymentSpec& spec, Role role) {
    return fmt::format("{}-{}:{}", dns_name(spec.name), around_service(role), kPort);
  };
  names.port_around = [](Role) { return kPort; };
  names.host_of_machine = "host.docker.internal";
  return names;
}

class Composer {
 public:
  Composer(const flow::FlowSpec& flow, const ImageNames& images, std::string network, std::string context, std::string flow_file)
      : flow_(flow),
        images_(images),
        network_(std::move(network)),
        context_(std::move(context)),
        flow_file_(std::move(flow_file)) {}

  json::object run(const std::vector<Workload>& workloads) {
    for (const auto& workload : workloads)
      for (int replica = 0; replica < (workload.role == Role::kWorker ? workload.replicas : 1); ++replica) add(workload, replica);
    return {{"name", dns_name(flow_name(flow_))},
            {"networks", json::object{{network_, json::object{{"driver", "bridge"}}}}},
            {"services", std::move(services_)}};
  }

 private:
  void add(const Workload& workload, int replica) {
    const std::string name = workload.role == Role::kWorker ? replica_service(*workload.spec, workload.shard, replica)
                                                            : dns_name(workload_name(workload));
    json::object service{{"image", workload.image.name}};
    build(service, workload.image);
    service["entrypoint"] = json::array{"jina"};
    service["command"] = command(workload, replica);
    environment(service, workload);
    service["healthcheck"] = health(workload);
    depend(service, workload, name);
    json::array published;
    if (workload.role == Role::kGateway)
      for (const auto port : workload.ports) published.push_back(json::value(json::string(fmt::format("{0}:{0}", port))));
    if (!published.empty()) service["ports"] = std::move(published);
    volumes(service, workload);
    gpus(service, workload);
    if (reaches_the_machine(workload)) service["extra_hosts"] = json::array{"host.docker.internal:host-gateway"};
    service["networks"] = json::array{json::string(network_)};
    service["restart"] = "unless-stopped";
    service["stop_grace_period"] = "30s";
    services_[name] = std::move(service);
  }

  /// One service builds it, the others wait for the name.
  void build(json::object& service, const Image& image) {
    if (image.kind != ImageKind::kFlow && image.kind != ImageKind::kPython) return;
    service["build"] = json::object{{"context", context_},
                                    {"dockerfile_inline", image.kind == ImageKind::kFlow ? flow_dockerfile(images_.base, flow_file_)
                                                                                         : python_dockerfile(flow_file_)}};
  }

  static json::array command(const Workload& workload, int replica) {
    auto words = workload.arguments;
    // Each replica has a name of its own in logs, as under `jina flow`.
    const auto name = std::find(words.begin(), words.end(), "--name");
    if (workload.role == Role::kWorker && workload.replicas > 1 && name != words.end() && std::next(name) != words.end()) {
      *std::next(name) += fmt::format("/rep-{}", replica);
      words.insert(words.end(), {"--replica-id", std::to_string(replica)});
    }
    // Compose would put variables of the shell into it.
    json::array out;
    for (const auto& word : words) out.push_back(json::value(json::string(escaped(word))));
    return out;
  }

  static std::string escaped(const std::string& text) {
    std::string out;
    for (const char c : text) out.append(c == '$' ? 2 : 1, c);
    return out;
  }

  static void environment(json::object& service, const Workload& workload) {
    json::object out;
    for (const auto& [name, value] : workload.environment)
      out[name] = escaped(value.is_string() ? std::string(value.get_string()) : json::serialize(value));
    out["JINA_DEPLOYMENT_NAME"] = workload.name;
    // Secrets of a cluster are variables of whoever starts this.
    for (const auto& [name, value] : workload.options->object("env-from-secret"))
      out[name] = fmt::format("${{{}}}", std::string_view(name));
    service["environment"] = std::move(out);
  }

  static json::object health(const Workload& workload) {
    const auto protocol = workload.protocols.empty() ? std::string("GRPC") : workload.protocols.front();
    std::string scheme = protocol == "HTTP" ? "http" : protocol == "WEBSOCKET" ? "ws" : "grpc";
    if (workload.tls) scheme += "s";
    const auto limit = ready_limit(workload).value_or(24 * 3600 * 1000);
    return {{"test", json::array{"CMD", "jina", "ping", workload.role == Role::kGateway ? "gateway" : "executor",
                                 json::string(fmt::format("{}://127.0.0.1:{}", scheme, workload.ports.front()))}},
            {"interval", workload.image.ours() ? "2s" : "5s"},
            {"timeout", "10s"},
            {"retries", 3},
            {"start_period", fmt::format("{}s", std::max<std::int64_t>(1, limit / 1000))}};
  }

  /// What runs so far is what later ones need: shards before their head, all of them before the gateway.
  void depend(json::object& service, const Workload& workload, const std::string& name) {
    if (workload.role == Role::kWorker || workload.role == Role::kBefore || workload.role == Role::kAfter) {
      if (workload.role != Role::kWorker || workload.shard) behind_head_.push_back(name);
      if (workload.role == Role::kWorker && !workload.shard) behind_gateway_.push_back(name);
      return;
    }
    auto& names = workload.role == Role::kHead ? behind_head_ : behind_gateway_;
    json::object needs;
    for (const auto& each : names) needs[each] = json::object{{"condition", "service_healthy"}};
    if (!needs.empty()) service["depends_on"] = std::move(needs);
    names.clear();
    if (workload.role == Role::kHead) behind_gateway_.push_back(name);
  }

  void volumes(json::object& service, const Workload& workload) const {
    if (workload.role != Role::kWorker) return;
    json::array out;
    for (const auto& text : workload.options->texts("volumes")) {
      const auto colon = text.find(':');
      // A folder of this machine; a place alone is a volume without a name.
      if (colon == std::string::npos) {
        out.push_back(json::value(json::string(text.starts_with('/') ? text : "/" + text)));
        continue;
      }
      const auto here = (fs::absolute(workload.spec->directory) / text.substr(0, colon)).lexically_normal();
      out.push_back(json::value(json::string(here.string() + text.substr(colon))));
    }
    if (!out.empty()) service["volumes"] = std::move(out);
  }

  static void gpus(json::object& service, const Workload& workload) {
    if (workload.role != Role::kWorker) return;
    const auto said = workload.options->text("gpus");
    if (said.empty()) return;
    json::object device{{"driver", "nvidia"}};
    if (std::all_of(said.begin(), said.end(), [](unsigned char c) { return std::isdigit(c) != 0; })) {
      device["count"] = std::stoi(said);
    } else if (said.find("device=") != std::string::npos) {
      json::array ids;
      for (std::size_t at = 0; (at = said.find("device=", at)) != std::string::npos;) {
        at += 7;
        ids.push_back(json::value(json::string(said.substr(at, said.find(',', at) - at))));
      }
      device["device_ids"] = std::move(ids);
    } else {
      device["count"] = "all";
    }
    device["capabilities"] = json::array{"gpu"};
    service["deploy"] =
        json::object{{"resources", json::object{{"reservations", json::object{{"devices", json::array{std::move(device)}}}}}}};
  }

  static bool reaches_the_machine(const Workload& workload) {
    return workload.role == Role::kGateway &&
           std::any_of(workload.arguments.begin(), workload.arguments.end(),
                       [](const auto& word) { return word.find("host.docker.internal") != std::string::npos; });
  }

  const flow::FlowSpec& flow_;
  const ImageNames& images_;
  std::string network_;
  std::string context_;
  std::string flow_file_;
  json::object services_{};
  std::vector<std::string> behind_head_{};
  std::vector<std::string> behind_gateway_{};
};

}  // namespace

Result<Export> export_compose(const flow::FlowSpec& flow, const ExportOptions& options, const fs::path& place) {
  const auto images = image_names(flow, options);
  Remarks remarks;
  auto workloads = make_workloads(flow, images, naming(), remarks);
  if (!workloads) return workloads.error();
  if (flow.gateway.integer("replicas", 1) > 1)
    remarks.warnings.push_back("the gateway has several replicas, but can have its ports only once on one machine: one is written");
  const auto context = remarks.context.lexically_relative(fs::weakly_canonical(fs::absolute(place).parent_path())).generic_string();
  Composer composer(flow, images, options.network.empty() ? "jina-network" : options.network, context.empty() ? "." : context,
                    flow_file(flow, remarks.context));
  std::string text =
      fmt::format("# Written by `jina export docker-compose` from {}. Start: docker compose -f {} up{}\n",
                  fs::path(flow.source).filename().string(), place.filename().string(),
                  needs_image(*workloads, ImageKind::kFlow) || needs_image(*workloads, ImageKind::kPython) ? " --build" : "");
  if (needs_image(*workloads, ImageKind::kBase) || needs_image(*workloads, ImageKind::kFlow))
    text += fmt::format("# {} is the program; its repository makes it: docker build -f docker/Dockerfile -t {} .\n", images.base,
                        images.base);
  text += yaml_text(composer.run(*workloads));
  Export result;
  result.files.push_back({place.filename().string(), std::move(text)});
  result.warnings = std::move(remarks.warnings);
  return result;
}

}  // namespace jina::exporter
