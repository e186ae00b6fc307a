#include "exporter/diagram.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <boost/json/serialize.hpp>
#include <filesystem>
#include <map>

#include "config/gateway_yaml.hpp"
#include "config/load.hpp"
#include "exporter/workload.hpp"
#include "flow/effects.hpp"

namespace jina::exporter {

namespace json = boost::json;

namespace {

/// A class, a file or an image, as short as it says enough.
std::string short_uses(const std::string& uses, const std::string& otherwise) {
  switch (config::classify_uses(uses)) {
    case config::UsesKind::kImage:
    case config::UsesKind::kHub: return uses.substr(uses.find("://") + 3);
    case config::UsesKind::kText: {
      auto document = config::load_text(uses, "uses", {});
      const auto* type = document ? document->root.find("jtype") : nullptr;
      return type != nullptr ? type->to_text() : otherwise;
    }
    default: return uses.empty() || uses == "BaseExecutor" ? otherwise : uses;
  }
}

/// {"tags__x": {"$eq": 1}} -> "tags__x = 1"; others as JSON.
std::string condition_text(const json::value& when) {
  static const std::map<std::string, const char*, std::less<>> kSigns{{"$eq", "="},    {"$neq", "≠"}, {"$gt", ">"},
                                                                      {"$gte", "≥"},   {"$lt", "<"},  {"$lte", "≤"},
                                                                      {"$regex", "~"}, {"$in", "in"}, {"$nin", "not in"}};
  if (const auto* outer = when.if_object(); outer != nullptr && outer->size() == 1) {
    const auto& field = *outer->begin();
    if (const auto* inner = field.value().if_object(); inner != nullptr && inner->size() == 1) {
      const auto& test = *inner->begin();
      const auto value = test.value().is_string() ? std::string(test.value().get_string()) : json::serialize(test.value());
      if (const auto sign = kSigns.find(std::string_view(test.key())); sign != kSigns.end())
        return fmt::format("{} {} {}", std::string_view(field.key()), sign->second, value);
      if (test.key() == "$exists")
        return fmt::format("{} {}", std::string_view(field.key()), value == "false" ? "missing" : "exists");
    }
  }
  return json::serialize(when);
}

Box gateway_box(const flow::FlowSpec& flow) {
  Box box{.id = "gateway", .kind = BoxKind::kGateway, .title = "gateway"};
  config::OptionBag bag = flow.gateway;
  config::apply_builtin_protocol(bag, bag.text("uses"));
  const auto ports = bag.ports("port");
  const auto protocols = bag.texts("protocol");
  for (std::size_t i = 0; i < protocols.size(); ++i) {
    const auto name = protocols[i] == "WEBSOCKET" ? "WebSocket" : protocols[i] == "GRPC" ? "gRPC" : protocols[i].c_str();
    const auto port = ports.empty() ? 0 : ports[std::min(i, ports.size() - 1)];
    box.subtitle += (i > 0 ? " · " : "") + (port > 0 ? fmt::format("{} {}", name, port) : std::string(name));
  }
  const auto uses = short_uses(bag.text("uses"), "");
  if (!uses.empty() && !config::is_builtin_gateway(uses)) box.notes.push_back(uses);
  if (const auto replicas = bag.integer("replicas", 1); replicas > 1) {
    box.copies = static_cast<int>(replicas);
    box.notes.push_back(fmt::format("{} replicas in a cluster", replicas));
  }
  return box;
}

Box executor_box(const flow::DeploymentSpec& spec) {
  Box box{.id = spec.name, .title = spec.name};
  const auto runs = flow::runs_of(spec);
  box.kind = runs == flow::Runs::kPython      ? BoxKind::kPython
             : runs == flow::Runs::kContainer ? BoxKind::kContainer
             : runs == flow::Runs::kElsewhere ? BoxKind::kExternal
                                              : BoxKind::kNative;
  box.subtitle = short_uses(spec.options.text("uses"), "passes on");
  if (runs == flow::Runs::kElsewhere) {
    const auto hosts = spec.options.texts("host");
    const auto ports = spec.options.ports("port");
    box.copies = static_cast<int>(std::max({hosts.size(), ports.size(), std::size_t{1}}));
    box.subtitle = fmt::format("{}{}", hosts.empty() ? "" : hosts.front(), ports.empty() ? "" : fmt::format(":{}", ports.front()));
    box.notes.emplace_back("external");
    if (box.copies > 1) box.notes.push_back(fmt::format("{} replicas", box.copies));
  } else if (spec.options.text("uses") == "BaseExecutor" && spec.needs.size() > 1) {
    box.kind = BoxKind::kJoin;
    box.subtitle = "joins";
  }
  if (spec.shards() > 1) {
    const auto polling = spec.options.text("polling");
    box.notes.push_back(fmt::format("{} shards", spec.shards()));
    box.notes.push_back("polling " + (polling.starts_with('{') ? "by endpoint" : polling));
    for (const char* key : {"uses-before", "uses-after"})
      if (spec.options.is_set(key))
        box.notes.push_back(std::string(key + 5) + " shards: " + short_uses(spec.options.text(key), ""));
  }
  if (spec.replicas() > 1) box.notes.push_back(fmt::format("{} replicas", spec.replicas()) + (spec.shards() > 1 ? " each" : ""));
  if (runs != flow::Runs::kElsewhere) box.copies = spec.shards() * spec.replicas();
  if (spec.colocate()) box.notes.emplace_back("in the gateway");
  if (spec.flag("floating")) box.notes.emplace_back("floating");
  if (spec.options.is_set("when")) box.notes.push_back("when " + condition_text(spec.options.get("when")));
  return box;
}

}  // namespace

Diagram make_diagram(const flow::FlowSpec& flow, bool vertical) {
  Diagram diagram{.title = flow_name(flow), .vertical = vertical};
  std::map<std::string, std::size_t, std::less<>> index{{"gateway", 0}};
  diagram.boxes.push_back(gateway_box(flow));
  for (const auto& spec : flow.deployments) {
    index[spec.name] = diagram.boxes.size();
    diagram.boxes.push_back(executor_box(spec));
  }
  diagram.boxes.push_back({.id = "end", .kind = BoxKind::kEnd, .title = "answer"});
  for (const auto& spec : flow.deployments)
    for (const auto& need : spec.needs)
      if (const auto from = index.find(need); from != index.end())
        diagram.lines.push_back({.from = from->second, .to = index[spec.name], .dashed = spec.flag("floating")});
  if (const auto last = index.find(flow.last); last != index.end())
    diagram.lines.push_back({.from = last->second, .to = diagram.boxes.size() - 1});
  return diagram;
}

}  // namespace jina::exporter
