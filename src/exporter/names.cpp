// What things are called: in DNS, in registries of images, in logs.
#include <fmt/format.h>

#include <cctype>

#include "config/environment.hpp"
#include "exporter/used_image.hpp"
#include "jina/version.hpp"

namespace jina::exporter {

std::string dns_name(std::string_view name) {
  std::string out;
  for (const char c : name) out += std::isalnum(static_cast<unsigned char>(c)) != 0 ? static_cast<char>(std::tolower(c)) : '-';
  while (!out.empty() && out.front() == '-') out.erase(out.begin());
  while (!out.empty() && out.back() == '-') out.pop_back();
  return out;
}

std::string flow_name(const flow::FlowSpec& flow) {
  if (!flow.name.empty()) return flow.name;
  const auto folder = dns_name(flow_folder(flow).filename().string());
  return folder.empty() ? "flow" : folder;
}

std::string workload_name(const Workload& workload) {
  switch (workload.role) {
    case Role::kHead: return workload.name + "/head";
    case Role::kBefore: return workload.name + "/uses-before";
    case Role::kAfter: return workload.name + "/uses-after";
    case Role::kGateway:
    case Role::kWorker: break;
  }
  return workload.shard ? fmt::format("{}-{}", workload.name, *workload.shard) : workload.name;
}

std::optional<std::int64_t> ready_limit(const Workload& workload) {
  const auto limit = workload.options->integer("timeout-ready", 600000);
  return limit <= 0 ? std::nullopt : std::optional(limit);
}

ImageNames image_names(const flow::FlowSpec& flow, const ExportOptions& options) {
  ImageNames names;
  names.base = !options.base_image.empty() ? options.base_image : config::environment_value("JINA_GATEWAY_IMAGE");
  if (names.base.empty()) names.base = std::string("jina:") + JINA_VERSION;
  names.flow = !options.flow_image.empty() ? options.flow_image : dns_name(flow_name(flow)) + ":latest";
  // "registry:5000/shop:1" -> "registry:5000/shop-python:1"
  const auto tag = names.flow.rfind(':');
  const bool tagged = tag != std::string::npos && names.flow.find('/', tag) == std::string::npos;
  names.python = tagged ? names.flow.substr(0, tag) + "-python" + names.flow.substr(tag) : names.flow + "-python";
  return names;
}

}  // namespace jina::exporter
