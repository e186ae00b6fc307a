// Pods: containers, probes, what they may do.
#include <fmt/format.h>

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <boost/json/value_from.hpp>

#include "exporter/kubernetes_objects.hpp"

namespace jina::exporter {

namespace json = boost::json;

namespace {

constexpr int kProbePeriod = 5;   // seconds
constexpr int kStopSleep = 5;     // seconds that others have to notice that a pod goes
constexpr int kGracePeriod = 30;  // seconds from the first word to SIGKILL

const char* role_name(Role role) {
  switch (role) {
    case Role::kGateway: return "GATEWAY";
    case Role::kHead: return "HEAD";
    default: return "WORKER";
  }
}

/// How the process is asked: the port and protocol that say most.
json::object question(const Workload& workload, bool readiness) {
  std::size_t at = 0;
  if (workload.role == Role::kGateway && !workload.own_class) {
    const auto http = std::find(workload.protocols.begin(), workload.protocols.end(), "HTTP");
    if (http != workload.protocols.end()) at = static_cast<std::size_t>(http - workload.protocols.begin());
  }
  const auto port = workload.ports[std::min(at, workload.ports.size() - 1)];
  const std::string protocol = at < workload.protocols.size() ? workload.protocols[at] : "GRPC";
  if (protocol == "GRPC" && !workload.tls) return {{"grpc", json::object{{"port", port}}}};
  if (protocol != "HTTP") return {{"tcpSocket", json::object{{"port", port}}}};
  // Other images answer the question for health alone.
  const char* path = !workload.image.ours() ? "/" : readiness ? "/readyz" : "/livez";
  json::object get{{"path", path}, {"port", port}};
  if (workload.tls) get["scheme"] = "HTTPS";
  return {{"httpGet", std::move(get)}};
}

json::object probe(const Workload& workload, bool readiness, int failures) {
  json::object out = question(workload, readiness);
  out["periodSeconds"] = kProbePeriod;
  out["timeoutSeconds"] = 3;
  out["failureThreshold"] = failures;
  return out;
}

json::object field(const char* name, const char* path) {
  return {{"name", name}, {"valueFrom", json::object{{"fieldRef", json::object{{"fieldPath", path}}}}}};
}

json::array environment(const Workload& workload, const std::string& space, bool stateful) {
  json::array out{field("POD_UID", "metadata.uid"), json::object{{"name", "JINA_DEPLOYMENT_NAME"}, {"value", workload.name}},
                  json::object{{"name", stateful ? "K8S_STATEFULSET_NAME" : "K8S_DEPLOYMENT_NAME"},
                               {"value", dns_name(workload_name(workload))}},
                  json::object{{"name", "K8S_NAMESPACE_NAME"}, {"value", space}}, field("K8S_POD_NAME", "metadata.name")};
  for (const auto& [name, value] : workload.options->object("env-from-secret"))
    if (value.is_object()) out.push_back(json::object{{"name", name}, {"valueFrom", json::object{{"secretKeyRef", value}}}});
  return out;
}

std::string gpu_count(const std::string& said) {
  if (!said.empty() && std::all_of(said.begin(), said.end(), [](unsigned char c) { return std::isdigit(c) != 0; })) return said;
  return std::to_string(std::max<std::ptrdiff_t>(1, std::count(said.begin(), said.end(), ',') + 1));
}

json::object resources(const Workload& workload, bool has_autoscaler) {
  json::object requests, limits;
  auto said = workload.options->object("resources");
  if (const auto cloud = workload.options->object("jcloud");
      said.empty() && cloud.contains("resources") && cloud.at("resources").is_object())
    said = cloud.at("resources").get_object();
  for (const auto& [key, value] : said) {
    const auto text = value.is_string() ? value : json::value(json::string(json::serialize(value)));
    if (key == "requests" || key == "limits") {
      if (value.is_object())
        for (const auto& [name, amount] : value.get_object())
          (key == "requests" ? requests : limits)[name] =
              amount.is_string() ? amount : json::value(json::string(json::serialize(amount)));
    } else if (key == "cpu") {
      requests["cpu"] = text;
    } else if (key == "memory") {
      requests["memory"] = text;
      limits["memory"] = text;
    }
  }
  // What an autoscaler measures is a share of what was asked for; gateways and heads of ours need this little.
  if (requests.empty() && (has_autoscaler || workload.image.kind == ImageKind::kBase))
    requests = {{"cpu", has_autoscaler ? "250m" : "100m"}, {"memory", has_autoscaler ? "256Mi" : "64Mi"}};
  if (workload.role == Role::kWorker)
    if (const auto gpus = workload.options->text("gpus"); !gpus.empty()) limits["nvidia.com/gpu"] = gpu_count(gpus);
  json::object out;
  if (!requests.empty()) out["requests"] = std::move(requests);
  if (!limits.empty()) out["limits"] = std::move(limits);
  return out;
}

/// `config_map`: of the pod.
json::object container(const Workload& workload, const std::string& name, const std::string& config_map, const std::string& space,
                       bool has_autoscaler) {
  const auto mounts = volume_mounts(workload);
  json::object out{{"name", name}, {"image", workload.image.name}, {"imagePullPolicy", "IfNotPresent"}};
  out["command"] = json::array{"jina"};
  out["args"] = json::value_from(workload.arguments);
  json::array ports;
  for (const auto port : workload.ports) ports.push_back(json::object{{"containerPort", port}});
  if (workload.metrics) ports.push_back(json::object{{"containerPort", kMetricsPort}});
  out["ports"] = std::move(ports);
  out["env"] = environment(workload, space, !mounts.empty());
  if (!workload.environment.empty())
    out["envFrom"] = json::array{json::object{{"configMapRef", json::object{{"name", config_map}}}}};
  // "Forever" is a day here.
  const auto limit = ready_limit(workload).value_or(24 * 3600 * 1000);
  const auto tries = std::max<std::int64_t>(3, (limit + kProbePeriod * 1000 - 1) / (kProbePeriod * 1000));
  out["startupProbe"] = probe(workload, true, static_cast<int>(tries));
  out["readinessProbe"] = probe(workload, true, 2);
  out["livenessProbe"] = probe(workload, false, 6);
  // A gateway of ours says "not ready" on SIGTERM and goes on serving for its --drain-delay. Whoever knows of no such thing waits.
  if (workload.role != Role::kGateway || !workload.image.ours())
    out["lifecycle"] = json::object{
        {"preStop", json::object{{"exec", json::object{{"command", json::array{"sleep", std::to_string(kStopSleep)}}}}}}};
  if (auto asked = resources(workload, has_autoscaler); !asked.empty()) out["resources"] = std::move(asked);
  json::object security{{"allowPrivilegeEscalation", false}};
  if (workload.image.ours()) security["capabilities"] = json::object{{"drop", json::array{"ALL"}}};
  out["securityContext"] = std::move(security);
  if (!mounts.empty()) {
    json::array places;
    for (const auto& [volume, path] : mounts) places.push_back(json::object{{"name", volume}, {"mountPath", path}});
    out["volumeMounts"] = std::move(places);
  }
  return out;
}

json::object pod_security(const Workload& workload, std::span<const Workload* const> around) {
  json::object out{{"seccompProfile", json::object{{"type", "RuntimeDefault"}}}};
  // The user of docker/Dockerfile; other images may need root.
  if (workload.image.ours() && std::all_of(around.begin(), around.end(), [](const Workload* each) { return each->image.ours(); })) {
    out["runAsNonRoot"] = true;
    out["runAsUser"] = 1000;
    if (!volume_mounts(workload).empty()) out["fsGroup"] = 1000;
  }
  return out;
}

}  // namespace

json::object pod_template(const Workload& workload, std::span<const Workload* const> around, const std::string& space,
                          bool has_autoscaler) {
  const auto app = dns_name(workload_name(workload));
  json::object metadata;
  if (workload.metrics)
    metadata["annotations"] = json::object{{"prometheus.io/scrape", "true"}, {"prometheus.io/port", std::to_string(kMetricsPort)}};
  const bool has_shard = workload.role == Role::kWorker;
  metadata["labels"] = json::object{{"app", app},
                                    {"jina_deployment_name", workload.name},
                                    {"ns", space},
                                    {"pod_type", role_name(workload.role)},
                                    {"shard_id", has_shard ? std::to_string(workload.shard.value_or(0)) : ""}};
  json::array containers{
      container(workload, workload.role == Role::kGateway ? "gateway" : "executor", app + "-configmap", space, has_autoscaler)};
  for (const auto* each : around)
    containers.push_back(
        container(*each, each->role == Role::kBefore ? "uses-before" : "uses-after", app + "-configmap", space, false));
  json::object spec;
  spec["automountServiceAccountToken"] = false;
  spec["securityContext"] = pod_security(workload, around);
  spec["terminationGracePeriodSeconds"] = kGracePeriod;
  if (workload.replicas > 1 || has_autoscaler)
    spec["topologySpreadConstraints"] =
        json::array{json::object{{"maxSkew", 1},
                                 {"topologyKey", "kubernetes.io/hostname"},
                                 {"whenUnsatisfiable", "ScheduleAnyway"},
                                 {"labelSelector", json::object{{"matchLabels", json::object{{"app", app}}}}}}};
  spec["containers"] = std::move(containers);
  json::array secrets;
  for (const auto& name : workload.options->texts("image-pull-secrets")) secrets.push_back(json::object{{"name", name}});
  if (!secrets.empty()) spec["imagePullSecrets"] = std::move(secrets);
  return {{"metadata", std::move(metadata)}, {"spec", std::move(spec)}};
}

}  // namespace jina::exporter
