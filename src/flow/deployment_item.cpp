#include "flow/deployment_item.hpp"

#include "config/option_sets.hpp"

namespace jina::flow {

using config::error_at;
using config::Node;

namespace {

Status set_all(DeploymentItem& item, const Node& map, const std::string& source) {
  auto unknown = config::set_from_map(item.options, map, source);
  if (!unknown) return unknown.error();
  for (const auto* entry : *unknown)
    if (entry->key != "jtype" && entry->key != "jcloud") item.unknown.push_back(entry);
  return {};
}

}  // namespace

Result<DeploymentItem> read_deployment_item(const Node& node, const config::ConfigDocument& flow,
                                            std::span<const config::NodeEntry* const> handed_down) {
  DeploymentItem item{
      .options = config::OptionBag(config::deployment_options()), .position = node.position, .directory = flow.directory};
  for (const auto* entry : handed_down) {
    const auto* spec = item.options.set().find(entry->key);
    if (auto s = item.options.set_from_node(*spec, entry->value, config::place(flow.source, entry->value.position, entry->key));
        !s.ok())
      return s;
  }
  const Node* map = &node;
  std::string source = flow.source;
  if (node.is_text()) {
    if (config::classify_uses(node.text) != config::UsesKind::kYamlFile)
      return error_at(flow.source, node.position, "'" + node.text + "' is neither a map of arguments nor the path of a YAML file");
    auto document = config::load_file(flow.directory / node.text);
    if (!document) return error_at(flow.source, node.position, document.error().message);
    item.directory = document->directory;
    source = document->source;
    item.storage = std::make_shared<const config::ConfigDocument>(std::move(*document));
    map = &item.storage->root;
  }
  if (!map->is_map())
    return error_at(source, map->position, "an Executor is a map of arguments, but this is " + std::string(describe(map->kind)));
  const Node* type = map->find("jtype");
  if (type == nullptr) {
    if (auto s = set_all(item, *map, source); !s.ok()) return s;
    return item;
  }
  if (type->to_text() != "Deployment")
    return error_at(source, type->position,
                    "jtype is '" + type->to_text() + "'; an item of 'executors' is a Deployment, the class goes to 'uses'");
  for (const auto& entry : map->entries) {
    if (entry.key == "with" && entry.value.is_map()) {
      if (auto s = set_all(item, entry.value, source); !s.ok()) return s;
    } else if (const auto* spec = item.options.set().find(entry.key)) {
      if (auto s = item.options.set_from_node(*spec, entry.value, config::place(source, entry.position, entry.key)); !s.ok())
        return s;
    } else if (entry.key != "jtype" && entry.key != "version" && entry.key != "jcloud") {
      item.unknown.push_back(&entry);
    }
  }
  return item;
}

}  // namespace jina::flow
