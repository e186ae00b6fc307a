#include "exporter/kubernetes.hpp"

#include <fmt/format.h>

#include "exporter/image_files.hpp"
#include "exporter/kubernetes_objects.hpp"
#include "exporter/yaml_text.hpp"

namespace jina::exporter {

namespace json = boost::json;

namespace {

constexpr std::uint16_t kPort = 8080;

std::string service_address(const std::string& name, const std::string& space) {
  return fmt::format("{}.{}.svc:{}", name, space, kPort);
}

Naming naming(const std::string& space) {
  Naming names;
  names.port = kPort;
  names.gateway_port = kPort;
  names.workers = [space](const flow::DeploymentSpec& spec, std::optional<int> shard) {
    const auto name = dns_name(spec.name);
    // A head takes its shards without a scheme, as in Jina.
    return std::vector<std::string>{shard ? service_address(fmt::format("{}-{}", name, *shard), space)
                                          : "grpc://" + service_address(name, space)};
  };
  names.head = [space](const flow::DeploymentSpec& spec) {
    return "grpc://" + service_address(dns_name(spec.name) + "-head", space);
  };
  // Containers of the head's pod.
  names.port_around = [](Role role) { return static_cast<std::uint16_t>(role == Role::kBefore ? 8078 : 8079); };
  names.around = [ports = names.port_around](const flow::DeploymentSpec&, Role role) {
    return fmt::format("127.0.0.1:{}", ports(role));
  };
  return names;
}

bool is_around(const Workload& workload) { return workload.role == Role::kBefore || workload.role == Role::kAfter; }

}  // namespace

std::string kubernetes_namespace(const flow::FlowSpec& flow, const ExportOptions& options) {
  if (!options.k8s_namespace.empty()) return options.k8s_namespace;
  return flow.name.empty() ? "default" : dns_name(flow.name);
}

Result<Export> export_kubernetes(const flow::FlowSpec& flow, const ExportOptions& options) {
  const auto space = kubernetes_namespace(flow, options);
  const auto images = image_names(flow, options);
  Remarks remarks;
  auto workloads = make_workloads(flow, images, naming(space), remarks);
  if (!workloads) return workloads.error();
  Export result;
  std::vector<const Workload*> around;  // of the head that follows them
  for (const auto& workload : *workloads) {
    if (is_around(workload)) {
      around.push_back(&workload);
      continue;
    }
    const KubernetesObjects objects = kubernetes_objects(workload, around, space, remarks);
    around.clear();
    const auto name = dns_name(workload_name(workload));
    result.files.push_back({fmt::format("{}/{}.yml", workload.name, name), yaml_documents(objects.main)});
    if (!objects.monitors.empty())
      result.files.push_back({fmt::format("{}/{}-monitor.yml", workload.name, name), yaml_documents(objects.monitors)});
  }
  const auto yaml = flow_file(flow, remarks.context);
  for (auto& file : image_files(*workloads, yaml, images)) result.files.push_back(std::move(file));
  result.files.push_back({"README.md", kubernetes_readme(*workloads, flow, images, yaml, space)});
  result.warnings = std::move(remarks.warnings);
  return result;
}

}  // namespace jina::exporter
