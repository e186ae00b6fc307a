#include "flow/flow_spec.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <set>

#include "config/option_sets.hpp"
#include "config/suggest.hpp"
#include "flow/deployment_item.hpp"

namespace jina::flow {

using config::error_at;
using config::Node;
using config::NodeEntry;

const DeploymentSpec* FlowSpec::find(std::string_view deployment) const {
  for (const auto& spec : deployments)
    if (spec.name == deployment) return &spec;
  return nullptr;
}

namespace {

// What the Flow's `with:` does not hand down (Jina's own lists).
constexpr std::string_view kNotForGateway[] = {"uses", "uses-with"};
constexpr std::string_view kNotForExecutors[] = {"port", "port-monitoring", "uses", "uses-with", "protocol"};
// Read by the Flow itself, not handed down as they are.
constexpr std::string_view kFlowOwn[] = {"name", "workspace", "log-config", "quiet", "quiet-error", "env", "reload"};

bool contains(std::span<const std::string_view> names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

class FlowParser {
 public:
  explicit FlowParser(const config::ConfigDocument& document)
      : document_(document),
        flow_{.source = document.source, .directory = document.directory, .gateway = config::OptionBag(config::gateway_options())} {
  }

  Result<FlowSpec> run() {
    if (auto s = top_level(); !s.ok()) return s;
    if (auto s = with(); !s.ok()) return s;
    if (auto s = executors(); !s.ok()) return s;
    if (auto s = gateway(); !s.ok()) return s;
    if (auto s = check_needs(); !s.ok()) return s;
    warn_about_loose_ends();
    warn_about_ineffective();
    return std::move(flow_);
  }

 private:
  Status fail(config::Position position, std::string_view message) const { return error_at(document_.source, position, message); }
  void warn(config::Position position, std::string_view message) {
    flow_.warnings.push_back(config::place(document_.source, position, message));
  }

  Status top_level() {
    const Node& root = document_.root;
    if (!root.is_map())
      return fail(root.position, "a Flow is a map that starts with 'jtype: Flow', but this is " + std::string(describe(root.kind)));
    static const std::vector<std::string> kKeys{"jtype", "version", "with",   "executors", "deployments",
                                                "pods",  "gateway", "jcloud", "name"};
    for (const auto& entry : root.entries)
      if (std::find(kKeys.begin(), kKeys.end(), entry.key) == kKeys.end())
        return fail(entry.position, "unknown key '" + entry.key + "' in a Flow" + config::did_you_mean(entry.key, kKeys));
    const Node* type = root.find("jtype");
    if (type == nullptr) return fail(root.position, "the first line of a Flow is 'jtype: Flow'");
    if (!type->is_text() || (type->text != "Flow" && type->text != "AsyncFlow"))
      return fail(type->position, "jtype is '" + type->to_text() + "', a Flow has 'jtype: Flow'");
    if (const Node* version = root.find("version"); version != nullptr && version->to_text() != "1" && version->to_text() != "1.0")
      warn(version->position, "version " + version->to_text() + " is read as version 1");
    if (const auto* cloud = root.find_entry("jcloud")) warn(cloud->position, "jcloud has no effect here");
    if (const Node* name = root.find("name")) flow_.name = name->to_text();
    return {};
  }

  Status with() {
    const Node* node = document_.root.find("with");
    if (node == nullptr || node->is_null()) return {};
    if (!node->is_map())
      return fail(node->position, "'with' is a map of arguments, but this is " + std::string(describe(node->kind)));
    const auto& for_gateway = config::gateway_options();
    const auto& for_executors = config::deployment_options();
    for (const auto& entry : node->entries) {
      const auto* gateway_spec = for_gateway.find(entry.key);
      const auto* executor_spec = for_executors.find(entry.key);
      const auto* flow_spec = config::flow_options().find(entry.key);
      const auto where = config::place(document_.source, position_of(entry), entry.key);
      if (gateway_spec != nullptr && contains(kFlowOwn, gateway_spec->name())) {
        if (auto s = own(entry, *gateway_spec, where); !s.ok()) return s;
        continue;
      }
      if (gateway_spec != nullptr && !contains(kNotForGateway, gateway_spec->name()))
        if (auto s = flow_.gateway.set_from_node(*gateway_spec, entry.value, where); !s.ok()) return s;
      if (executor_spec != nullptr && !contains(kNotForExecutors, executor_spec->name())) handed_down_.push_back(&entry);
      if (gateway_spec == nullptr && executor_spec == nullptr && flow_spec == nullptr) unknown(entry, "with", for_gateway);
      if (gateway_spec == nullptr && executor_spec == nullptr && flow_spec != nullptr) idle_.insert("with." + entry.key);
    }
    return {};
  }

  Status own(const NodeEntry& entry, const config::OptionSpec& spec, const std::string& where) {
    config::OptionBag bag(config::gateway_options());
    if (auto s = bag.set_from_node(spec, entry.value, where); !s.ok()) return s;
    if (spec.name() == "name")
      flow_.name = bag.text("name");
    else if (spec.name() == "env")
      flow_.environment = bag.object("env");
    else if (spec.name() == "quiet" || spec.name() == "log-config" || spec.name() == "workspace") {
      flow_.gateway.set_value(spec.name(), bag.get(spec.name()));
      handed_down_.push_back(&entry);
    } else {
      idle_.insert("with." + entry.key);
    }
    return {};
  }

  Status executors() {
    const NodeEntry* section = nullptr;
    for (const char* key : {"executors", "deployments", "pods"}) {
      const auto* found = document_.root.find_entry(key);
      if (found != nullptr && section != nullptr)
        return fail(found->position, "'" + section->key + "' and '" + found->key + "' mean the same; keep one");
      if (found != nullptr) section = found;
    }
    if (section == nullptr || section->value.is_null()) return {};
    if (!section->value.is_list())
      return fail(section->value.position, "'" + section->key + "' is a list of Executors ('- name: ...'), but this is " +
                                               std::string(describe(section->value.kind)));
    for (const auto& item : section->value.items) {
      auto loaded = read_deployment_item(item, document_, handed_down_);
      if (!loaded) return loaded.error();
      for (const auto* entry : loaded->unknown)
        unknown(*entry, loaded->options.text("name").empty() ? "an Executor" : loaded->options.text("name"),
                config::deployment_options());
      if (loaded->options.text("name") == "gateway") continue;  // as Jina: the gateway has its own section
      if (auto s = add(*loaded); !s.ok()) return s;
    }
    return {};
  }

  Status add(DeploymentItem& item) {
    DeploymentSpec spec{.name = item.options.is_set("name") ? item.options.text("name") : "",
                        .position = item.position,
                        .options = std::move(item.options),
                        .directory = item.directory};
    const std::string method = spec.options.text("method");
    if (method == "inspect" || method == "gather_inspect")
      return fail(spec.position, "method: " + method +
                                     " is not available; add the Executor with 'floating: true' to look at Documents on the side");
    if (spec.name.empty()) spec.name = method == "add" ? fmt::format("executor{}", flow_.deployments.size()) : "joiner";
    if (flow_.find(spec.name) != nullptr) {
      const auto renamed = fmt::format("{}{}", spec.name, flow_.deployments.size());
      warn(spec.position, "the name '" + spec.name + "' is used already; this one is called '" + renamed + "'");
      spec.name = renamed;
    }
    if (!is_identifier(spec.name))
      return fail(spec.position, "name '" + spec.name + "' is no identifier; use letters, digits and '_', and no digit in front");
    if (auto s = needs(spec, method); !s.ok()) return s;
    if (spec.replicas() < 1)
      return fail(spec.position, fmt::format("{}: replicas is {}, it must be 1 or more", spec.name, spec.replicas()));
    if (spec.shards() < 1)
      return fail(spec.position, fmt::format("{}: shards is {}, it must be 1 or more", spec.name, spec.shards()));
    if (!spec.flag("floating")) flow_.last = spec.name;
    flow_.deployments.push_back(std::move(spec));
    return {};
  }

  Status needs(DeploymentSpec& spec, const std::string& method) {
    spec.needs = spec.options.texts("needs");
    if (method == "needs_all" && spec.needs.empty()) spec.needs = loose_ends();
    if (method == "needs" && spec.needs.size() < 2)
      return fail(spec.position, spec.name + ": method: needs joins several Executors; name at least two in 'needs'");
    if (spec.needs.empty()) spec.needs = {flow_.last};
    std::sort(spec.needs.begin(), spec.needs.end());
    spec.needs.erase(std::unique(spec.needs.begin(), spec.needs.end()), spec.needs.end());
    if (std::find(spec.needs.begin(), spec.needs.end(), spec.name) != spec.needs.end())
      return fail(spec.position, spec.name + " needs itself");
    return {};
  }

  static bool is_identifier(std::string_view name) {
    if (name.empty() || std::isdigit(static_cast<unsigned char>(name.front())) != 0) return false;
    return std::all_of(name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) != 0 || c == '_' || c >= 0x80; });
  }

  /// Not floating, and nobody needs it.
  std::vector<std::string> loose_ends() const {
    std::set<std::string> needed;
    for (const auto& spec : flow_.deployments) needed.insert(spec.needs.begin(), spec.needs.end());
    std::vector<std::string> out;
    for (const auto& spec : flow_.deployments)
      if (!spec.flag("floating") && !needed.contains(spec.name)) out.push_back(spec.name);
    return out;
  }

  Status gateway() {
    const Node* node = document_.root.find("gateway");
    if (node == nullptr || node->is_null()) return {};
    if (!node->is_map())
      return fail(node->position, "'gateway' is a map of arguments, but this is " + std::string(describe(node->kind)));
    flow_.gateway_position = node->position;
    for (const auto& entry : node->entries) {
      // Jina ignores `with` here silently; it is what people write.
      const auto* spec = config::gateway_options().find(entry.key == "with"    ? "uses-with"
                                                        : entry.key == "jtype" ? "uses"
                                                                               : entry.key);
      const auto where = config::place(document_.source, position_of(entry), entry.key);
      if (spec != nullptr && (spec->name() == "uses" || spec->name() == "py-modules")) flow_.gateway_position = position_of(entry);
      if (spec == nullptr) {
        if (entry.key == "jcloud")
          idle_.insert("gateway.jcloud");
        else
          unknown(entry, "gateway", config::gateway_options());
      } else if (auto s = flow_.gateway.set_from_node(*spec, entry.value, where); !s.ok()) {
        return s;
      }
    }
    return {};
  }

  Status check_needs() {
    std::vector<std::string> names{"gateway"};
    for (const auto& spec : flow_.deployments) names.push_back(spec.name);
    for (const auto& spec : flow_.deployments)
      for (const auto& need : spec.needs)
        if (std::find(names.begin(), names.end(), need) == names.end())
          return fail(spec.position,
                      spec.name + " needs '" + need + "', which is not in this Flow" + config::did_you_mean(need, names));
    // What can be reached from the gateway without waiting for itself; the rest is a circle.
    std::set<std::string> done{"gateway"};
    for (bool changed = true; changed;) {
      changed = false;
      for (const auto& spec : flow_.deployments)
        if (!done.contains(spec.name) &&
            std::all_of(spec.needs.begin(), spec.needs.end(), [&](const auto& n) { return done.contains(n); }))
          changed = done.insert(spec.name).second;
    }
    for (const auto& spec : flow_.deployments)
      if (!done.contains(spec.name)) return fail(spec.position, spec.name + " waits for itself: its 'needs' go round in a circle");
    for (const auto& spec : flow_.deployments)
      if (spec.needs.size() > 1 && spec.flag("external") && spec.flag("no-reduce"))
        return fail(spec.position, spec.name + ": an external Executor with several needs cannot have no_reduce");
    return {};
  }

  void warn_about_loose_ends() {
    auto loose = loose_ends();
    std::erase(loose, flow_.last);
    if (!loose.empty())
      warn({},
           fmt::format(
               "nobody receives from {}: requests reach it, its answers are dropped; join it with 'needs' or say 'floating: true'",
               fmt::join(loose, ", ")));
  }

  void warn_about_ineffective() {
    const auto collect = [&](const std::string& prefix, const config::OptionBag& bag) {
      for (auto name : bag.ineffective()) {
        name = name.substr(2);
        std::replace(name.begin(), name.end(), '-', '_');
        idle_.insert(prefix + "." + name);
      }
    };
    collect("gateway", flow_.gateway);
    for (const auto& spec : flow_.deployments) collect(spec.name, spec.options);
    if (!idle_.empty()) warn({}, fmt::format("without effect here: {}", fmt::join(idle_, ", ")));
  }

  static config::Position position_of(const NodeEntry& entry) {
    return entry.value.position.line > 0 ? entry.value.position : entry.position;
  }

  void unknown(const NodeEntry& entry, const std::string& where, const config::OptionSet& set) {
    warn(entry.position,
         "unknown key '" + entry.key + "' in " + where + " is ignored" + config::did_you_mean(entry.key, set.all_names(true)));
  }

  const config::ConfigDocument& document_;
  FlowSpec flow_;
  std::vector<const NodeEntry*> handed_down_;
  std::set<std::string> idle_;
};

}  // namespace

Result<FlowSpec> parse_flow(const config::ConfigDocument& document) { return FlowParser(document).run(); }

Result<FlowSpec> load_flow(const std::filesystem::path& path) {
  std::vector<std::string> warnings;
  config::SubstituteOptions options;
  options.warnings = &warnings;
  auto document = config::load_file(path, options);
  if (!document) return document.error();
  auto flow = parse_flow(*document);
  if (flow) flow->warnings.insert(flow->warnings.begin(), warnings.begin(), warnings.end());
  return flow;
}

}  // namespace jina::flow
