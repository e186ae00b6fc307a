#include "flow/flow_spec.hpp"

namespace jina::flow {

namespace {

config::Position place_of(const Places& places, std::string_view option, config::Position otherwise) {
  const auto found = places.find(option);
  return found == places.end() ? otherwise : found->second;
}

Result<FlowSpec> unless_wrong(FlowSpec flow, const config::Diagnostics& diagnostics) {
  if (diagnostics.has_errors()) return diagnostics.status();
  flow.warnings = diagnostics.texts(config::Severity::kWarning);
  return flow;
}

}  // namespace

config::Position DeploymentSpec::at(std::string_view option) const { return place_of(places, option, position); }

config::Position FlowSpec::gateway_at(std::string_view option) const { return place_of(gateway_places, option, gateway_position); }

const DeploymentSpec* FlowSpec::find(std::string_view deployment) const {
  for (const auto& spec : deployments)
    if (spec.name == deployment) return &spec;
  return nullptr;
}

std::optional<FlowSpec> read_flow_file(const std::filesystem::path& path, config::Diagnostics& diagnostics,
                                       const FlowReadOptions& options) {
  std::vector<std::string> warnings;
  config::SubstituteOptions substitution;
  substitution.warnings = &warnings;
  auto document = config::load_file(path, substitution);
  for (const auto& warning : warnings) diagnostics.add_text(config::Severity::kWarning, path.string(), {}, warning);
  if (!document) {
    diagnostics.add_text(config::Severity::kError, path.string(), {}, document.error().message);
    return std::nullopt;
  }
  return read_flow(*document, diagnostics, options);
}

Result<FlowSpec> parse_flow(const config::ConfigDocument& document) {
  config::Diagnostics diagnostics;
  auto flow = read_flow(document, diagnostics);
  return unless_wrong(std::move(flow), diagnostics);
}

Result<FlowSpec> load_flow(const std::filesystem::path& path) {
  config::Diagnostics diagnostics;
  auto flow = read_flow_file(path, diagnostics);
  if (!flow) return diagnostics.status();
  return unless_wrong(std::move(*flow), diagnostics);
}

}  // namespace jina::flow
