#include "flow/flow_spec_members.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <set>

namespace jina::flow {

namespace {

bool is_identifier(std::string_view name) {
  if (name.empty() || std::isdigit(static_cast<unsigned char>(name.front())) != 0) return false;
  return std::all_of(name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) != 0 || c == '_' || c >= 0x80; });
}

}  // namespace

std::vector<std::string> loose_ends(const FlowSpec& flow) {
  std::set<std::string> needed;
  for (const auto& spec : flow.deployments) needed.insert(spec.needs.begin(), spec.needs.end());
  std::vector<std::string> out;
  for (const auto& spec : flow.deployments)
    if (!spec.flag("floating") && !needed.contains(spec.name)) out.push_back(spec.name);
  return out;
}

void FlowMembers::add(DeploymentSpec spec) {
  const std::string method = spec.options.text("method");
  if (method == "inspect") return add_inspector(std::move(spec));
  if (method == "gather_inspect") {
    if (inspect_ == InspectMode::kRemove || inspectors_.empty()) return;  // as Jina: there is nothing to gather
    return gather(std::move(spec));
  }
  name(spec, method == "add" ? fmt::format("executor{}", flow_.deployments.size()) : "joiner");
  take_needs(spec, method);
  push(std::move(spec));
}

void FlowMembers::finish() {
  if (inspect_ == InspectMode::kCollect && !inspectors_.empty()) gather(make_plain_());
}

void FlowMembers::name(DeploymentSpec& spec, const std::string& otherwise) {
  spec.name = spec.options.is_set("name") ? spec.options.text("name") : otherwise;
  if (flow_.find(spec.name) != nullptr) {
    const auto renamed = fmt::format("{}{}", spec.name, flow_.deployments.size());
    if (spec.options.is_set("name"))
      diagnostics_.warn(spec.source, spec.at("name"),
                        "the name '" + spec.name + "' is used already; this one is called '" + renamed + "'");
    spec.name = renamed;
  }
  if (!is_identifier(spec.name))
    error(spec, "name", "name '" + spec.name + "' is no identifier; use letters, digits and '_', and no digit in front");
}

void FlowMembers::take_needs(DeploymentSpec& spec, const std::string& method) {
  spec.needs = spec.options.texts("needs");
  if (method == "needs_all" && spec.needs.empty()) spec.needs = loose_ends(flow_);
  if (method == "needs" && spec.needs.size() < 2)
    error(spec, "needs", spec.name + ": method: needs joins several Executors; name at least two in 'needs'");
  if (spec.needs.empty()) spec.needs = {flow_.last};
  std::sort(spec.needs.begin(), spec.needs.end());
  spec.needs.erase(std::unique(spec.needs.begin(), spec.needs.end()), spec.needs.end());
}

void FlowMembers::check_numbers(const DeploymentSpec& spec) {
  for (const char* option : {"replicas", "shards"})
    if (const auto number = spec.options.integer(option, 1); number < 1)
      error(spec, option, fmt::format("{}: {} is {}, it must be 1 or more", spec.name, option, number));
}

void FlowMembers::push(DeploymentSpec spec) {
  check_numbers(spec);
  if (!spec.flag("floating")) flow_.last = spec.name;
  flow_.deployments.push_back(std::move(spec));
}

void FlowMembers::add_inspector(DeploymentSpec spec) {
  if (inspect_ == InspectMode::kRemove) return;
  if (spec.options.is_set("needs")) {
    error(spec, "needs", "an Executor with 'method: inspect' takes no 'needs'", "it looks at what the item before it answers");
    return;
  }
  name(spec, "inspect");
  spec.needs = {flow_.last};
  auto pass = make_plain_();
  pass.position = spec.position;
  pass.source = spec.source;
  const std::string inspector = spec.name;
  const std::string wanted = "_aux_" + (spec.options.is_set("name") ? spec.options.text("name") : std::string("inspect"));
  const auto needs = spec.needs;
  check_numbers(spec);
  flow_.deployments.push_back(std::move(spec));
  name(pass, wanted);
  pass.needs = needs;
  inspectors_.push_back(inspector);
  push(std::move(pass));
}

void FlowMembers::gather(DeploymentSpec spec) {
  name(spec, "gather_inspect");
  spec.needs = inspectors_;
  spec.needs.push_back(flow_.last);
  std::sort(spec.needs.begin(), spec.needs.end());
  spec.needs.erase(std::unique(spec.needs.begin(), spec.needs.end()), spec.needs.end());
  push(std::move(spec));
}

}  // namespace jina::flow
