// What is checked of a route when it is added, so that it works when it is called.
#include <algorithm>
#include <stdexcept>

#include "app/app_state.hpp"
#include "app/form_input.hpp"

namespace jina::app {
namespace {

[[noreturn]] void refuse(const RouteInfo& route, const std::string& why) {
  throw std::invalid_argument("the route \"" + route.label() + "\" can not work: " + why);
}

std::string wrapper_of(Source source) {
  switch (source) {
    case Source::kPath: return "Path";
    case Source::kQuery: return "Query";
    case Source::kHeader: return "Header";
    case Source::kCookie: return "Cookie";
    case Source::kForm: return "Form";
    case Source::kJson: return "Json";
  }
  return {};
}

std::string spelled(const InputInfo& input) { return wrapper_of(input.source) + "<" + described::name_of(*input.type) + ">"; }

void check_type(const RouteInfo& route, const described::TypeInfo& type) {
  try {
    described::check(type);
  } catch (const std::logic_error& error) {
    refuse(route, error.what());
  }
}

RouteInput prepare_input(const RouteInfo& route, const InputInfo& info) {
  check_type(route, *info.type);
  RouteInput input{info};
  if (info.source == Source::kJson) return input;
  for (const described::MemberFacts& member : described::members_of(*info.type)) {
    std::string name(member.name);
    if (info.source != Source::kForm && is_file(*member.type))
      refuse(route, spelled(info) + " has the file \"" + name + "\"; files come with Form<T> only");
    if (info.source == Source::kPath && std::find(route.parameters.begin(), route.parameters.end(), name) == route.parameters.end())
      refuse(route,
             spelled(info) + " has the member \"" + name + "\", which the path does not have; write {" + name + "} in the path");
    if (info.source == Source::kHeader) std::replace(name.begin(), name.end(), '_', '-');
    input.names.push_back(std::move(name));
  }
  return input;
}

}  // namespace

void prepare(RouteInfo& route) {
  if (!route.operation.problem.empty()) refuse(route, route.operation.problem);
  route.parameters = route.pattern.parameters();
  route.activity.what =
      "the handler of " + route.label() + (route.operation.handler.empty() ? "" : " (" + route.operation.handler + ")");
  route.activity.advice = "say .blocking() at the route, or make the handler a coroutine";
  const InputInfo* body = nullptr;
  for (const InputInfo& info : route.operation.inputs) {
    route.inputs.push_back(prepare_input(route, info));
    if (info.source != Source::kJson && info.source != Source::kForm) continue;
    if (route.methods.empty()) refuse(route, "a WebSocket handshake has no body for " + spelled(info));
    if (body != nullptr) refuse(route, "it takes two bodies, " + spelled(*body) + " and " + spelled(info));
    body = &info;
  }
  if (route.operation.output.type != nullptr) check_type(route, *route.operation.output.type);
}

}  // namespace jina::app
