#include "flow/deployment_item.hpp"

#include "config/option_sets.hpp"

namespace jina::flow {

using config::Diagnostics;
using config::Node;
using config::NodeEntry;

config::Position position_of(const NodeEntry& entry) {
  return entry.value.position.line > 0 ? entry.value.position : entry.position;
}

bool set_option(config::OptionBag& bag, Places& places, const config::OptionSpec& option, const NodeEntry& entry,
                const std::string& source, Diagnostics& diagnostics) {
  const auto position = position_of(entry);
  if (auto status = bag.set_from_node(option, entry.value, entry.key); !status.ok()) {
    diagnostics.error(source, position, status.message);
    return false;
  }
  places[option.name()] = position;
  for (const auto& inner : entry.value.entries) places[option.name() + "." + inner.key] = inner.position;
  return true;
}

namespace {

class ItemReader {
 public:
  ItemReader(DeploymentSpec& spec, Diagnostics& diagnostics) : spec_(spec), diagnostics_(diagnostics) {}

  void read(const Node& map) {
    const Node* type = map.find("jtype");
    if (type != nullptr && type->to_text() != "Deployment") {
      diagnostics_.error(spec_.source, type->position,
                         "jtype is '" + type->to_text() + "'; an item of 'executors' is a Deployment, the class goes to 'uses'");
      return;
    }
    for (const auto& entry : map.entries) {
      if (type != nullptr && entry.key == "with" && entry.value.is_map())
        for (const auto& inner : entry.value.entries) set(inner);
      else
        set(entry);
    }
  }

 private:
  void set(const NodeEntry& entry) {
    if (const auto* option = spec_.options.set().find(entry.key))
      set_option(spec_.options, spec_.places, *option, entry, spec_.source, diagnostics_);
    else if (entry.key != "jtype" && entry.key != "version" && entry.key != "jcloud")
      unknown_.push_back(&entry);
  }

  DeploymentSpec& spec_;
  Diagnostics& diagnostics_;

 public:
  void warn_about_unknown() {
    const std::string name = spec_.options.is_set("name") ? spec_.options.text("name") : "an Executor";
    const auto known = spec_.options.set().all_names(true);
    for (const auto* entry : unknown_) {
      auto hint = config::suggestion(entry->key, known);
      if (entry->key == "with") hint = "arguments of the class go to 'uses_with'";
      diagnostics_.warn(spec_.source, entry->position, "unknown key '" + entry->key + "' in " + name + " is ignored", hint);
    }
  }

 private:
  std::vector<const NodeEntry*> unknown_;
};

}  // namespace

std::optional<DeploymentSpec> read_deployment_item(const Node& node, const config::ConfigDocument& flow,
                                                   std::span<const HandedDown> handed_down, Diagnostics& diagnostics) {
  DeploymentSpec spec{.name = "",
                      .position = node.position,
                      .options = config::OptionBag(config::deployment_options()),
                      .directory = flow.directory,
                      .source = flow.source};
  for (const auto& [option, value] : handed_down) spec.options.set_value(option->name(), value);
  const Node* map = &node;
  std::optional<config::ConfigDocument> own;
  if (node.is_text()) {
    if (config::classify_uses(node.text) != config::UsesKind::kYamlFile) {
      diagnostics.error(flow.source, node.position, "'" + node.text + "' is neither a map of arguments nor the path of a YAML file",
                        "write '- uses: " + node.text + "' for an Executor of that class");
      return std::nullopt;
    }
    auto document = config::load_file(flow.directory / node.text);
    if (!document) {
      diagnostics.add_text(config::Severity::kError, flow.source, node.position, document.error().message);
      return std::nullopt;
    }
    own = std::move(*document);
    spec.directory = own->directory;
    spec.source = own->source;
    map = &own->root;
    spec.position = map->position;
  }
  if (!map->is_map()) {
    diagnostics.error(spec.source, map->position,
                      "an Executor is a map of arguments, but this is " + std::string(describe(map->kind)));
    return std::nullopt;
  }
  ItemReader reader(spec, diagnostics);
  reader.read(*map);
  reader.warn_about_unknown();
  return spec;
}

}  // namespace jina::flow
