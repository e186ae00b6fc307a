// read_flow(): the top level of a Flow's YAML, its `with:`, its `gateway:` and its list of Executors.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "config/option_sets.hpp"
#include "flow/deployment_item.hpp"
#include "flow/effects.hpp"
#include "flow/flow_spec.hpp"
#include "flow/flow_spec_graph.hpp"
#include "flow/flow_spec_members.hpp"

namespace jina::flow {

using config::Node;
using config::NodeEntry;

namespace {

// What the Flow's `with:` does not hand down (Jina's own lists).
constexpr std::string_view kNotForGateway[] = {"uses", "uses-with"};
constexpr std::string_view kNotForExecutors[] = {"port", "port-monitoring", "uses", "uses-with", "protocol"};
// Read by the Flow itself, not handed down as they are.
constexpr std::string_view kFlowOwn[] = {"name", "env", "reload"};

bool contains(std::span<const std::string_view> names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

class FlowReader {
 public:
  FlowReader(const config::ConfigDocument& document, config::Diagnostics& diagnostics, const FlowReadOptions& options)
      : document_(document),
        diagnostics_(diagnostics),
        flow_{.source = document.source, .directory = document.directory, .gateway = config::OptionBag(config::gateway_options())},
        inspect_(options.inspect) {}

  FlowSpec run() {
    if (!top_level()) return std::move(flow_);
    with();
    executors();
    gateway();
    check_graph(flow_, diagnostics_);
    warn_about_ineffective();
    return std::move(flow_);
  }

 private:
  void error(config::Position position, std::string message, std::string hint = {}) {
    diagnostics_.error(document_.source, position, std::move(message), std::move(hint));
  }
  void warn(config::Position position, std::string message, std::string hint = {}) {
    diagnostics_.warn(document_.source, position, std::move(message), std::move(hint));
  }

  /// False when nothing else can be said about it.
  bool top_level() {
    const Node& root = document_.root;
    if (root.is_null()) {
      error({}, "the file is empty", "a Flow starts with 'jtype: Flow'");
      return false;
    }
    if (!root.is_map()) {
      error(root.position, "a Flow is a map that starts with 'jtype: Flow', but this is " + std::string(describe(root.kind)));
      return false;
    }
    const Node* type = root.find("jtype");
    if (type == nullptr)
      error(root.position, "the first line of a Flow is 'jtype: Flow'");
    else if (!type->is_text() || (type->text != "Flow" && type->text != "AsyncFlow"))
      error(type->position, "jtype is '" + type->to_text() + "', a Flow has 'jtype: Flow'");
    static const std::vector<std::string> kKeys{"jtype", "version", "with",   "executors", "deployments",
                                                "pods",  "gateway", "jcloud", "name"};
    for (const auto& entry : root.entries)
      if (std::find(kKeys.begin(), kKeys.end(), entry.key) == kKeys.end())
        error(entry.position, "unknown key '" + entry.key + "' in a Flow", hint_for(entry.key, kKeys));
    if (const Node* version = root.find("version"); version != nullptr && version->to_text() != "1" && version->to_text() != "1.0")
      warn(version->position, "version " + version->to_text() + " is read as version 1");
    if (const auto* cloud = root.find_entry("jcloud")) warn(cloud->position, "jcloud has no effect here");
    if (const Node* name = root.find("name")) flow_.name = name->to_text();
    return true;
  }

  /// Arguments of the Flow that stand beside `with:` instead of in it are a common mistake.
  static std::string hint_for(const std::string& key, const std::vector<std::string>& keys) {
    auto hint = config::suggestion(key, keys);
    if (!hint.empty()) return hint;
    const bool argument = config::gateway_options().find(key) != nullptr || config::flow_options().find(key) != nullptr;
    return argument ? "it goes below 'with:', or below 'gateway:'" : "";
  }

  void with() {
    const Node* node = document_.root.find("with");
    if (node == nullptr || node->is_null()) return;
    if (!node->is_map())
      return error(node->position, "'with' is a map of arguments, but this is " + std::string(describe(node->kind)));
    for (const auto& entry : node->entries) with(entry);
  }

  void with(const NodeEntry& entry) {
    const auto* gateway = config::gateway_options().find(entry.key);
    const auto* executor = config::deployment_options().find(entry.key);
    const auto* own = config::flow_options().find(entry.key);
    if (gateway == nullptr && executor == nullptr && own == nullptr)
      return warn(entry.position, "unknown key '" + entry.key + "' in with is ignored",
                  config::suggestion(entry.key, config::gateway_options().all_names(true)));
    if (gateway != nullptr && contains(kFlowOwn, gateway->name())) return set_own(entry, *gateway);
    if (own != nullptr) {
      config::OptionBag bag(config::flow_options());
      Places places;
      if (!set_option(bag, places, *own, entry, document_.source, diagnostics_)) return;
      if (own->name() == "inspect" && inspect_.empty()) inspect_ = bag.text("inspect");
      if (own->name() == "name") flow_.name = bag.text("name");
      if (gateway == nullptr && executor == nullptr && !own->effective) idle_.insert("with." + entry.key);
    }
    if (gateway != nullptr && !contains(kNotForGateway, gateway->name()) &&
        !set_option(flow_.gateway, flow_.gateway_places, *gateway, entry, document_.source, diagnostics_))
      return;
    // What belongs to the Flow's client goes no further: `tls` would make external Executors of all.
    if (executor == nullptr || own != nullptr || contains(kNotForExecutors, executor->name())) return;
    config::OptionBag bag(config::deployment_options());
    Places places;
    if (set_option(bag, places, *executor, entry, document_.source, diagnostics_) && bag.is_set(executor->name()))
      handed_down_.push_back({executor, bag.get(executor->name())});
  }

  void set_own(const NodeEntry& entry, const config::OptionSpec& option) {
    config::OptionBag bag(config::gateway_options());
    Places places;
    if (!set_option(bag, places, option, entry, document_.source, diagnostics_)) return;
    if (option.name() == "name")
      flow_.name = bag.text("name");
    else if (option.name() == "env")
      flow_.environment = bag.object("env");
    else
      idle_.insert("with." + entry.key);
  }

  const NodeEntry* executors_section() {
    const NodeEntry* section = nullptr;
    for (const char* key : {"executors", "deployments", "pods"}) {
      const auto* found = document_.root.find_entry(key);
      if (found != nullptr && section != nullptr)
        error(found->position, "'" + section->key + "' and '" + found->key + "' mean the same; keep one");
      else if (found != nullptr)
        section = found;
    }
    return section;
  }

  void executors() {
    const auto* section = executors_section();
    if (section == nullptr || section->value.is_null()) return;
    if (!section->value.is_list())
      return error(section->value.position, "'" + section->key + "' is a list of Executors ('- name: ...'), but this is " +
                                                std::string(describe(section->value.kind)));
    const Node nothing = Node::of_map({});
    FlowMembers members(flow_, inspect_mode(), diagnostics_, [&] {
      auto plain = *read_deployment_item(nothing, document_, handed_down_, diagnostics_);
      plain.position = section->position;
      plain.implied = true;
      return plain;
    });
    for (const auto& item : section->value.items) {
      auto spec = read_deployment_item(item, document_, handed_down_, diagnostics_);
      if (!spec) continue;
      if (spec->options.text("name") == "gateway") {
        warn(spec->at("name"), "the Executor called 'gateway' is ignored", "the gateway has its own section: 'gateway:'");
        continue;
      }
      members.add(std::move(*spec));
    }
    members.finish();
  }

  InspectMode inspect_mode() const {
    return inspect_ == "HANG" ? InspectMode::kHang : inspect_ == "REMOVE" ? InspectMode::kRemove : InspectMode::kCollect;
  }

  void gateway() {
    const Node* node = document_.root.find("gateway");
    if (node == nullptr || node->is_null()) return;
    if (!node->is_map())
      return error(node->position, "'gateway' is a map of arguments, but this is " + std::string(describe(node->kind)));
    flow_.gateway_position = node->position;
    for (const auto& entry : node->entries) {
      // Jina ignores `with` here silently; it is what people write.
      const auto* option = config::gateway_options().find(entry.key == "with"    ? "uses-with"
                                                          : entry.key == "jtype" ? "uses"
                                                                                 : entry.key);
      if (option != nullptr) {
        if (option->name() == "uses" || option->name() == "py-modules") flow_.gateway_position = position_of(entry);
        set_option(flow_.gateway, flow_.gateway_places, *option, entry, document_.source, diagnostics_);
      } else if (entry.key == "jcloud") {
        idle_.insert("gateway.jcloud");
      } else {
        warn(entry.position, "unknown key '" + entry.key + "' in gateway is ignored",
             config::suggestion(entry.key, config::gateway_options().all_names(true)));
      }
    }
  }

  void warn_about_ineffective() {
    for (const auto& name : without_effect(flow_.gateway)) idle_.insert("gateway." + name);
    for (const auto& spec : flow_.deployments)
      if (!spec.implied)
        for (const auto& name : without_effect(spec)) idle_.insert(spec.name + "." + name);
    if (!idle_.empty()) warn({}, fmt::format("without effect here: {}", fmt::join(idle_, ", ")));
  }

  const config::ConfigDocument& document_;
  config::Diagnostics& diagnostics_;
  FlowSpec flow_;
  std::string inspect_;
  std::vector<HandedDown> handed_down_;
  std::set<std::string> idle_;
};

}  // namespace

FlowSpec read_flow(const config::ConfigDocument& document, config::Diagnostics& diagnostics, const FlowReadOptions& options) {
  return FlowReader(document, diagnostics, options).run();
}

}  // namespace jina::flow
