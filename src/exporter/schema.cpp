#include "exporter/schema.hpp"

#include <algorithm>
#include <string_view>

#include "config/option_sets.hpp"
#include "jina/version.hpp"

namespace jina::exporter {

namespace json = boost::json;

using config::OptionKind;
using config::OptionSet;
using config::OptionSpec;

namespace {

json::object reference(const char* name) { return {{"$ref", std::string("#/definitions/") + name}}; }

json::object list_of(json::object item) { return {{"type", "array"}, {"items", std::move(item)}}; }

template <class... Parts>
json::object any_of(Parts... parts) {
  json::array all;
  (all.push_back(std::move(parts)), ...);
  return {{"anyOf", std::move(all)}};
}

json::object typed(const char* type) { return {{"type", type}}; }

json::object choices(const OptionSpec& spec) {
  json::array all;
  for (const auto& choice : spec.choices) {
    all.push_back(json::value(json::string(choice)));
    if (spec.exact_case) continue;
    std::string low = choice;
    std::transform(low.begin(), low.end(), low.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (low != choice) all.push_back(json::value(json::string(low)));
  }
  return {{"enum", std::move(all)}};
}

json::object value_of(const OptionSpec& spec) {
  const auto scalar = [] { return json::object{{"type", json::array{"string", "number", "boolean"}}}; };
  const auto port = [] { return json::object{{"type", "integer"}, {"minimum", 0}, {"maximum", 65535}}; };
  switch (spec.kind) {
    case OptionKind::kFlag: return any_of(typed("boolean"), reference("variable"));
    case OptionKind::kInteger: return any_of(typed("integer"), reference("variable"));
    case OptionKind::kText:
      // A map is the inline form of what the text would name.
      if (spec.name() == "uses" || spec.name() == "polling") return any_of(typed("string"), typed("object"));
      return scalar();
    case OptionKind::kTextList:
    case OptionKind::kWords: return any_of(scalar(), list_of(scalar()));
    case OptionKind::kPorts: return any_of(port(), list_of(any_of(port(), reference("variable"))), typed("string"));
    case OptionKind::kChoice: return any_of(choices(spec), reference("variable"));
    case OptionKind::kChoiceList:
      return any_of(choices(spec), list_of(any_of(choices(spec), reference("variable"))), typed("string"));
    case OptionKind::kKeyValues: return any_of(typed("object"), reference("variable"));
    case OptionKind::kJson: return any_of(typed("object"), typed("array"), typed("string"));
  }
  return {};
}

json::object property(const OptionSpec& spec, bool with_default = true) {
  json::object out = value_of(spec);
  // Nothing behind a key is the same as no key.
  if (auto* any = out.if_contains("anyOf"))
    any->get_array().push_back(typed("null"));
  else
    out["type"].get_array().push_back("null");
  out["description"] = spec.help + (spec.effective ? "" : " (accepted, without effect)");
  if (with_default && !spec.fallback.is_null()) out["default"] = spec.fallback;
  return out;
}

void add_properties(json::object& to, const OptionSet& set) {
  for (const auto& spec : set.specs())
    for (auto name : spec.names) {
      std::replace(name.begin(), name.end(), '-', '_');
      if (!to.contains(name)) to[name] = property(spec);
    }
}

json::object text_property(const char* description) { return {{"type", "string"}, {"description", description}}; }
json::object map_property(const char* description) {
  return {{"type", json::array{"object", "null"}}, {"description", description}};
}

json::object closed(const char* title, const char* description, json::object properties) {
  return {{"title", title},
          {"description", description},
          {"type", "object"},
          {"additionalProperties", false},
          {"properties", std::move(properties)}};
}

/// The keys of a class: what a Gateway's and an Executor's YAML share.
json::object class_keys(const OptionSet& set) {
  json::object keys;
  keys["jtype"] = text_property("the class; '!MyClass' in the first line means the same");
  keys["with"] = map_property("arguments of the class");
  for (const char* name : {"py-modules", "compile-flags", "packages"}) {
    const auto* spec = set.find(name);
    for (auto alias : spec->names) {
      std::replace(alias.begin(), alias.end(), '-', '_');
      keys[alias] = property(*spec);
    }
  }
  return keys;
}

json::object executor_class() {
  auto keys = class_keys(config::executor_options());
  keys["metas"] = json::object{
      {"type", json::array{"object", "null"}},
      {"description", "name, description, workspace"},
      {"properties", json::object{{"name", typed("string")}, {"description", typed("string")}, {"workspace", typed("string")}}}};
  keys["requests"] = map_property("endpoint: function, over what the class binds");
  keys["dynamic_batching"] = map_property("endpoint or function: {preferred_batch_size, timeout}");
  keys["name"] = text_property("of the Executor");
  keys["workspace"] = text_property("folder for the Executor's files");
  return closed("Executor", "An Executor: `jina executor --uses config.yml`, or `uses: config.yml` in a Flow.", std::move(keys));
}

json::object gateway_class() {
  auto keys = class_keys(config::gateway_options());
  keys["metas"] = map_property("name");
  add_properties(keys, config::gateway_options());
  keys.erase("uses");
  keys.erase("uses_with");
  return closed("Gateway", "A gateway: `jina gateway --uses config.yml`, or `gateway: {uses: config.yml}` in a Flow.",
                std::move(keys));
}

json::object deployment(bool whole_file) {
  json::object keys;
  keys["jtype"] = json::object{{"const", "Deployment"}};
  keys["version"] = json::object{{"type", json::array{"string", "number"}}};
  json::object arguments;
  add_properties(arguments, config::deployment_options());
  if (!arguments.contains("jcloud")) arguments["jcloud"] = map_property("of Jina's cloud");
  for (const auto& [key, value] : arguments) keys[key] = value;
  keys["with"] = closed("Deployment's arguments", "the same keys, below one", std::move(arguments));
  return closed("Deployment",
                whole_file ? "One Executor with its replicas and shards, for a Flow to include." : "An item of `executors`.",
                std::move(keys));
}

json::object flow() {
  json::object with;
  add_properties(with, config::gateway_options());
  add_properties(with, config::deployment_options());
  add_properties(with, config::flow_options());
  json::object gateway;
  gateway["jtype"] = text_property("the class");
  gateway["with"] = map_property("arguments of the class, as `uses_with`");
  gateway["jcloud"] = map_property("of Jina's cloud");
  add_properties(gateway, config::gateway_options());
  json::object keys;
  keys["jtype"] = json::object{{"enum", json::array{"Flow", "AsyncFlow"}}, {"description", "what this file is"}};
  keys["version"] = json::object{{"type", json::array{"string", "number"}}, {"description", "1"}};
  keys["name"] = text_property("of the Flow");
  keys["with"] = closed("Flow's arguments", "what the gateway and all Executors get unless they say otherwise", std::move(with));
  keys["gateway"] = closed("Flow's gateway", "arguments of the gateway alone", std::move(gateway));
  for (const char* name : {"executors", "deployments", "pods"})
    keys[name] =
        json::object{{"type", json::array{"array", "null"}},
                     {"description", "the Executors: a map of arguments each, or the path of a YAML with `jtype: Deployment`"},
                     {"items", any_of(typed("string"), reference("Jina::Deployment"))}};
  keys["jcloud"] = map_property("of Jina's cloud");
  auto out = closed("Flow", "A Flow: `jina flow --uses flow.yml`.", std::move(keys));
  for (const char* key : {"with", "gateway"}) {
    auto& type = out["properties"].get_object()[key].get_object()["type"];
    type = json::array{"object", "null"};
  }
  return out;
}

json::object has_type(json::array names) {
  return {{"required", json::array{"jtype"}}, {"properties", json::object{{"jtype", json::object{{"enum", std::move(names)}}}}}};
}

json::object needs(const char* key) { return {{"required", json::array{key}}}; }

const char* type_name(OptionKind kind) {
  switch (kind) {
    case OptionKind::kFlag: return "bool";
    case OptionKind::kInteger: return "int";
    case OptionKind::kKeyValues:
    case OptionKind::kJson: return "dict";
    case OptionKind::kTextList:
    case OptionKind::kWords:
    case OptionKind::kPorts:
    case OptionKind::kChoiceList: return "list";
    case OptionKind::kText:
    case OptionKind::kChoice: return "str";
  }
  return "str";
}

}  // namespace

json::object yaml_schema() {
  json::object definitions;
  definitions["variable"] = json::object{{"title", "variable"},
                                         {"description", "${{ ENV.NAME }}, $NAME, ${{ CONTEXT.name }} or ${{root.key}}"},
                                         {"type", "string"},
                                         {"pattern", "\\$"}};
  definitions["Jina::Flow"] = flow();
  definitions["Jina::Deployment"] = deployment(true);
  definitions["Jina::Gateway"] = gateway_class();
  definitions["Jina::Executor"] = executor_class();
  json::object otherwise{{"if", has_type({"Deployment"})},
                         {"then", reference("Jina::Deployment")},
                         {"else", any_of(reference("Jina::Executor"), reference("Jina::Gateway"))}};
  return {{"$schema", "http://json-schema.org/draft-07/schema#"},
          {"title", std::string("jina ") + JINA_VERSION},
          {"description", "Flow, Deployment, Gateway and Executor YAML. In a file: # yaml-language-server: $schema=PATH"},
          {"type", "object"},
          {"if", any_of(has_type({"Flow", "AsyncFlow"}), needs("executors"), needs("gateway"))},
          {"then", reference("Jina::Flow")},
          {"else", std::move(otherwise)},
          {"definitions", std::move(definitions)}};
}

json::object command_description(std::span<const CommandDescription> commands) {
  json::array methods;
  for (const auto& command : commands) {
    json::array options;
    if (command.options != nullptr)
      for (const auto& spec : command.options->specs()) {
        if (spec.hidden) continue;
        auto name = spec.name();
        std::replace(name.begin(), name.end(), '-', '_');
        json::array strings, words;
        for (const auto& each : spec.names) strings.push_back(json::value(json::string("--" + each)));
        for (const auto& each : spec.choices) words.push_back(json::value(json::string(each)));
        options.push_back(json::object{{"name", name},
                                       {"option_strings", std::move(strings)},
                                       {"type", type_name(spec.kind)},
                                       {"default", spec.fallback},
                                       {"choices", words.empty() ? json::value() : json::value(std::move(words))},
                                       {"required", false},
                                       {"help", spec.help},
                                       {"effective", spec.effective}});
      }
    methods.push_back(json::object{{"name", command.name}, {"help", command.help}, {"options", std::move(options)}});
  }
  return {{"name", "Jina"}, {"version", JINA_VERSION}, {"license", "Apache 2.0"}, {"methods", std::move(methods)}};
}

}  // namespace jina::exporter
