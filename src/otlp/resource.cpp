// Who sends the spans: the resource of OpenTelemetry.
#include <algorithm>

#include "jina/version.hpp"
#include "otlp/export_options.hpp"

namespace jina::otlp {
namespace {

// The variables that Jina's Kubernetes files set, and OpenTelemetry's names for them.
constexpr std::pair<const char*, const char*> kKubernetes[] = {
    {"K8S_NAMESPACE_NAME", "k8s.namespace.name"},
    {"K8S_DEPLOYMENT_NAME", "k8s.deployment.name"},
    {"K8S_STATEFULSET_NAME", "k8s.statefulset.name"},
    {"K8S_CLUSTER_NAME", "k8s.cluster.name"},
    {"K8S_NODE_NAME", "k8s.node.name"},
    {"K8S_POD_NAME", "k8s.pod.name"},
};

int hex_digit(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string_view trimmed(std::string_view text) noexcept {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

// Broken escapes stay as they are.
std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 && hex_digit(text[i + 2]) >= 0) {
      out += static_cast<char>(hex_digit(text[i + 1]) << 4 | hex_digit(text[i + 2]));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

void set(Attributes& all, std::string_view key, std::string value) {
  const auto found = std::find_if(all.begin(), all.end(), [&](const auto& entry) { return entry.first == key; });
  if (found != all.end()) {
    found->second = std::move(value);
  } else {
    all.emplace_back(std::string(key), std::move(value));
  }
}

}  // namespace

std::optional<Metadata> read_pairs(std::string_view text) {
  Metadata pairs;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    const std::string_view pair = trimmed(text.substr(0, comma));
    text.remove_prefix(std::min(comma + 1, text.size()));
    if (pair.empty()) continue;
    const std::size_t equals = pair.find('=');
    const std::string_view name = trimmed(pair.substr(0, equals));
    if (equals == std::string_view::npos || name.empty()) return std::nullopt;
    pairs.emplace_back(std::string(name), percent_decoded(trimmed(pair.substr(equals + 1))));
  }
  return pairs;
}

Attributes read_resource(const std::string& pod_name, const Variables& variables, std::vector<std::string>& warnings) {
  Attributes resource = {{"service.name", pod_name},
                         {"telemetry.sdk.name", "jina"},
                         {"telemetry.sdk.language", "cpp"},
                         {"telemetry.sdk.version", JINA_VERSION}};
  for (const auto& [variable, key] : kKubernetes)
    if (std::string value = variables(variable); !value.empty()) set(resource, key, std::move(value));
  if (const std::string text = variables("OTEL_RESOURCE_ATTRIBUTES"); !text.empty()) {
    if (auto pairs = read_pairs(text)) {
      for (auto& [key, value] : *pairs) set(resource, key, std::move(value));
    } else {
      warnings.push_back("OTEL_RESOURCE_ATTRIBUTES is '" + text + "', expected key=value,key=value; it is ignored");
    }
  }
  if (std::string name = variables("OTEL_SERVICE_NAME"); !name.empty()) set(resource, "service.name", std::move(name));
  // A service name of the user's own may stand for all pods of a Flow: this tells them apart.
  if (resource.front().second != AttributeValue(pod_name)) set(resource, "service.instance.id", pod_name);
  return resource;
}

}  // namespace jina::otlp
