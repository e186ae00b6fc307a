#include "exporter/kubernetes_objects.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "config/environment.hpp"

namespace jina::exporter {

namespace json = boost::json;

namespace {

std::string or_default(const char* variable, const char* otherwise) {
  auto value = config::environment_value(variable);
  return value.empty() ? otherwise : value;
}

/// What the Flow says about autoscaling: `autoscale`, or `jcloud.autoscale` as for Jina's cloud.
struct Autoscale {
  std::int64_t min = 1, max = 2, cpu = 0, memory = 0;
};

std::int64_t number(const json::object& object, const char* key, std::int64_t otherwise) {
  const auto* value = object.if_contains(key);
  return value != nullptr && value->is_int64() ? value->get_int64() : otherwise;
}

std::optional<Autoscale> autoscale(const Workload& workload, Remarks& remarks) {
  const auto& options = *workload.options;
  json::object said = options.object("autoscale");
  const auto cloud = options.object("jcloud");
  if (const auto* inner = cloud.if_contains("autoscale"); said.empty() && inner != nullptr && inner->is_object())
    said = inner->get_object();
  if (said.empty() || workload.role == Role::kHead) return std::nullopt;
  Autoscale wanted{.min = std::max<std::int64_t>(1, number(said, "min", 1)), .max = number(said, "max", 2)};
  wanted.max = std::max(wanted.min, wanted.max);
  wanted.cpu = number(said, "cpu", 0);
  wanted.memory = number(said, "memory", 0);
  const auto* metric = said.if_contains("metric");
  const std::string by = metric != nullptr && metric->is_string() ? std::string(metric->get_string()) : "";
  if (by == "cpu") wanted.cpu = number(said, "target", 70);
  if (by == "memory") wanted.memory = number(said, "target", 80);
  if (!by.empty() && by != "cpu" && by != "memory")
    remarks.warnings.push_back(
        fmt::format("{}: autoscaling by '{}' needs a metrics adapter in the cluster; the autoscaler written here goes by 70 % of "
                    "the CPU asked for",
                    workload.name, by));
  if (wanted.cpu <= 0 && wanted.memory <= 0) wanted.cpu = 70;
  return wanted;
}

json::object metadata(const std::string& name, const std::string& space) { return {{"name", name}, {"namespace", space}}; }

json::object port_entry(const std::string& name, std::uint16_t port) {
  return {{"name", name}, {"port", port}, {"protocol", "TCP"}, {"targetPort", port}};
}

json::value config_map(const Workload& workload, const std::string& name, const std::string& space) {
  json::object data;
  for (const auto& [key, value] : workload.environment)
    data[key] = value.is_string() ? value : json::value(json::string(json::serialize(value)));
  return json::object{
      {"apiVersion", "v1"}, {"kind", "ConfigMap"}, {"metadata", metadata(name + "-configmap", space)}, {"data", std::move(data)}};
}

json::value service(const std::string& name, const std::string& app, json::array ports, const std::string& space, bool headless) {
  auto meta = metadata(name, space);
  meta["labels"] = json::object{{"app", name}};
  json::object spec;
  // Its name leads to every pod that is ready, not to one address before them.
  if (headless) spec["clusterIP"] = "None";
  spec["type"] = "ClusterIP";
  spec["ports"] = std::move(ports);
  spec["selector"] = json::object{{"app", app}};
  return json::object{{"apiVersion", "v1"}, {"kind", "Service"}, {"metadata", std::move(meta)}, {"spec", std::move(spec)}};
}

void add_services(std::vector<json::value>& out, const Workload& workload, const std::string& name, const std::string& space) {
  json::array first{port_entry("port", workload.ports.front())};
  if (workload.metrics) first.push_back(port_entry("monitoring", kMetricsPort));
  // Who talks to the gateway does not balance by itself.
  const bool headless = workload.role != Role::kGateway;
  out.push_back(service(name, name, std::move(first), space, headless));
  for (std::size_t i = 1; i < workload.ports.size(); ++i) {
    const auto protocol = i < workload.protocols.size() ? dns_name(workload.protocols[i]) : "port";
    out.push_back(service(fmt::format("{}-{}-{}", name, i, protocol), name, json::array{port_entry("port", workload.ports[i])},
                          space, headless));
  }
}

json::array claims(const Workload& workload) {
  const auto modes = or_default("JINA_K8S_ACCESS_MODES", R"(["ReadWriteOnce"])");
  boost::system::error_code wrong;
  auto parsed = json::parse(modes, wrong);
  json::array access = !wrong && parsed.is_array() ? parsed.get_array() : json::array{json::string(modes)};
  json::array out;
  for (const auto& [name, path] : volume_mounts(workload))
    out.push_back(json::object{
        {"metadata", json::object{{"name", name}}},
        {"spec",
         json::object{{"accessModes", access},
                      {"storageClassName", or_default("JINA_K8S_STORAGE_CLASS_NAME", "standard")},
                      {"resources",
                       json::object{{"requests", json::object{{"storage", or_default("JINA_K8S_STORAGE_CAPACITY", "10G")}}}}}}}});
  return out;
}

json::value pods(const Workload& workload, std::span<const Workload* const> around, const std::string& name,
                 const std::string& space, bool has_autoscaler, bool stateful) {
  json::object spec;
  // With an autoscaler their number is not ours to say: applying the file again would undo what it decided.
  if (!has_autoscaler) spec["replicas"] = workload.replicas;
  spec["selector"] = json::object{{"matchLabels", json::object{{"app", name}}}};
  if (stateful) {
    spec["serviceName"] = name;
    spec["podManagementPolicy"] = "Parallel";
    spec["updateStrategy"] = json::object{{"type", "RollingUpdate"}};
  } else {
    spec["strategy"] =
        json::object{{"type", "RollingUpdate"}, {"rollingUpdate", json::object{{"maxSurge", 1}, {"maxUnavailable", 0}}}};
  }
  spec["template"] = pod_template(workload, around, space, has_autoscaler);
  if (stateful) spec["volumeClaimTemplates"] = claims(workload);
  auto meta = metadata(name, space);
  meta["labels"] = json::object{{"app", name}};
  return json::object{{"apiVersion", "apps/v1"},
                      {"kind", stateful ? "StatefulSet" : "Deployment"},
                      {"metadata", std::move(meta)},
                      {"spec", std::move(spec)}};
}

json::value autoscaler(const Autoscale& wanted, const std::string& name, const std::string& space, bool stateful) {
  json::array metrics;
  for (const auto& [resource, target] : {std::pair{"cpu", wanted.cpu}, std::pair{"memory", wanted.memory}})
    if (target > 0)
      metrics.push_back(json::object{
          {"type", "Resource"},
          {"resource",
           json::object{{"name", resource}, {"target", json::object{{"type", "Utilization"}, {"averageUtilization", target}}}}}});
  return json::object{
      {"apiVersion", "autoscaling/v2"},
      {"kind", "HorizontalPodAutoscaler"},
      {"metadata", metadata(name, space)},
      {"spec",
       json::object{{"scaleTargetRef",
                     json::object{{"apiVersion", "apps/v1"}, {"kind", stateful ? "StatefulSet" : "Deployment"}, {"name", name}}},
                    {"minReplicas", wanted.min},
                    {"maxReplicas", wanted.max},
                    {"metrics", std::move(metrics)}}}};
}

json::value disruption_budget(const Workload& workload, const std::string& name, const std::string& space) {
  json::object spec;
  const auto cloud = workload.options->object("jcloud");
  if (const auto* least = cloud.if_contains("minAvailable"))
    spec["minAvailable"] = *least;
  else if (const auto* most = cloud.if_contains("maxUnavailable"))
    spec["maxUnavailable"] = *most;
  else
    spec["maxUnavailable"] = 1;
  spec["selector"] = json::object{{"matchLabels", json::object{{"app", name}}}};
  return json::object{
      {"apiVersion", "policy/v1"}, {"kind", "PodDisruptionBudget"}, {"metadata", metadata(name, space)}, {"spec", std::move(spec)}};
}

json::value service_monitor(const std::string& name, const std::string& space) {
  auto meta = metadata(name, space);
  meta["labels"] = json::object{{"app", name}};
  return json::object{{"apiVersion", "monitoring.coreos.com/v1"},
                      {"kind", "ServiceMonitor"},
                      {"metadata", std::move(meta)},
                      {"spec", json::object{{"endpoints", json::array{json::object{{"port", "monitoring"}}}},
                                            {"namespaceSelector", json::object{{"matchNames", json::array{json::string(space)}}}},
                                            {"selector", json::object{{"matchLabels", json::object{{"app", name}}}}}}}};
}

}  // namespace

std::vector<std::pair<std::string, std::string>> volume_mounts(const Workload& workload) {
  std::vector<std::pair<std::string, std::string>> out;
  if (workload.role != Role::kWorker) return out;
  const auto name = dns_name(workload_name(workload));
  for (const auto& text : workload.options->texts("volumes")) {
    const auto colon = text.find(':');
    const auto path = colon == std::string::npos ? text : text.substr(colon + 1, text.find(':', colon + 1) - colon - 1);
    out.emplace_back(out.empty() ? name + "-volume" : fmt::format("{}-volume-{}", name, out.size()),
                     path.starts_with('/') ? path : "/" + path);
  }
  return out;
}

KubernetesObjects kubernetes_objects(const Workload& workload, std::span<const Workload* const> around, const std::string& space,
                                     Remarks& remarks) {
  const auto name = dns_name(workload_name(workload));
  const bool stateful = !volume_mounts(workload).empty();
  const auto scaling = autoscale(workload, remarks);
  KubernetesObjects objects;
  if (!workload.environment.empty()) objects.main.push_back(config_map(workload, name, space));
  add_services(objects.main, workload, name, space);
  objects.main.push_back(pods(workload, around, name, space, scaling.has_value(), stateful));
  if (scaling) objects.main.push_back(autoscaler(*scaling, name, space, stateful));
  // For a single pod it would only keep nodes from being emptied.
  if (workload.replicas > 1 || (scaling && scaling->min > 1)) objects.main.push_back(disruption_budget(workload, name, space));
  if (workload.metrics) objects.monitors.push_back(service_monitor(name, space));
  return objects;
}

}  // namespace jina::exporter
