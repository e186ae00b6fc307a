// A Flow's YAML: whatever it is, it is read or refused with a place, and no other file is looked at.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "config/load.hpp"
#include "flow/flow_spec.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  jina::config::SubstituteOptions variables;
  variables.context = {{"name", "value"}, {"port", "12345"}};
  variables.environment = [](const std::string& name) -> std::optional<std::string> {
    if (name == "SET") return "set";
    return std::nullopt;
  };
  std::vector<std::string> warnings;
  variables.warnings = &warnings;
  const auto document = jina::config::load_text(text, "flow.yml", "/nonexistent", variables);
  if (!document) {
    if (document.error().message.empty()) std::abort();
    return 0;
  }
  jina::config::Diagnostics diagnostics;
  const jina::flow::FlowSpec flow = jina::flow::read_flow(*document, diagnostics);
  for (const jina::flow::DeploymentSpec& item : flow.deployments) {
    (void)item.replicas();
    (void)item.shards();
    (void)item.options.to_words();
    (void)item.at("uses");
  }
  (void)flow.gateway.to_words();
  return 0;
}
