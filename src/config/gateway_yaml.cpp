#include "config/gateway_yaml.hpp"

#include "config/suggest.hpp"

namespace jina::config {
namespace {

// What Jina's gateway classes take in their constructors.
constexpr std::string_view kBuiltinArguments[] = {
    "title", "description", "cors", "expose_endpoints", "no_debug_endpoints", "no_crud_endpoints", "ssl_certfile", "ssl_keyfile"};

bool is_builtin_argument(std::string_view name) {
  for (const auto each : kBuiltinArguments)
    if (each == name) return true;
  return false;
}

std::string_view only_protocol(std::string_view name) {
  if (name == "GRPCGateway") return "GRPC";
  if (name == "HTTPGateway") return "HTTP";
  if (name == "WebSocketGateway") return "WEBSOCKET";
  return {};
}

}  // namespace

Result<std::vector<std::string>> apply_gateway_yaml(OptionBag& options, const UsesConfig& uses) {
  std::vector<std::string> warnings;
  const auto known = options.set().all_names(true);
  for (const auto& entry : uses.rest.entries) {
    const auto* spec = options.set().find(entry.key);
    if (spec == nullptr || spec->name() == "uses" || spec->name() == "uses-with") {
      warnings.push_back(
          place(uses.source, entry.position, "unknown key '" + entry.key + "' is ignored" + did_you_mean(entry.key, known)));
      continue;
    }
    if (options.is_set(spec->name())) continue;
    const auto position = entry.value.position.line > 0 ? entry.value.position : entry.position;
    if (auto s = options.set_from_node(*spec, entry.value, place(uses.source, position, entry.key)); !s.ok()) return s;
    if (!spec->effective) warnings.push_back(place(uses.source, entry.position, "'" + entry.key + "' has no effect here"));
  }
  if (const auto* name = uses.metas.if_contains("name"); name != nullptr && name->is_string() && !options.is_set("name"))
    options.set_value("name", *name);
  return warnings;
}

bool is_builtin_gateway(std::string_view name) noexcept {
  return name.empty() || name == "GRPCGateway" || name == "HTTPGateway" || name == "WebSocketGateway" ||
         name == "CompositeGateway" || name == "BaseGateway" || name == "Gateway";
}

std::vector<std::string> apply_builtin_protocol(OptionBag& options, std::string_view name) {
  const std::string_view protocol = only_protocol(name);
  if (protocol.empty()) return {};
  std::vector<std::string> warnings;
  const auto given = options.texts("protocol");
  if (options.is_set("protocol") && (given.size() != 1 || given.front() != protocol)) {
    std::string names;
    for (const auto& each : given) names += (names.empty() ? "" : ", ") + each;
    warnings.push_back(std::string(name) + " speaks " + std::string(protocol) + "; protocol " + names +
                       " is ignored. CompositeGateway, or no class at all, speaks whatever is named");
  }
  options.set_value("protocol", boost::json::array{boost::json::string(protocol)});
  return warnings;
}

Result<std::vector<std::string>> apply_builtin_with(OptionBag& options, std::string_view name, const boost::json::object& with) {
  std::vector<std::string> warnings;
  for (const auto& entry : with) {
    const std::string_view key = entry.key();
    if (!is_builtin_argument(key)) {
      warnings.push_back("with: '" + std::string(key) +
                         "' has no effect: " + (name.empty() ? "the built-in gateway" : std::string(name)) + " does not take it");
      continue;
    }
    const auto* spec = options.set().find(key);
    if (spec == nullptr || options.is_set(spec->name())) continue;
    if (auto s = options.set_from_node(*spec, Node::of_json(entry.value()), "with: " + std::string(key)); !s.ok()) return s;
  }
  return warnings;
}

}  // namespace jina::config
