// One operation of the OpenAPI document: parameters, body and answers of a route.
#include <algorithm>

#include "app/form_input.hpp"
#include "app/openapi.hpp"

namespace jina::app {
namespace {

namespace json = boost::json;
using described::Kind;
using described::TypeInfo;

std::string_view place_of(Source source) {
  switch (source) {
    case Source::kPath: return "path";
    case Source::kQuery: return "query";
    case Source::kHeader: return "header";
    default: return "cookie";
  }
}

// Values that are sent as JSON text.
bool sent_as_json(const TypeInfo& type) {
  switch (type.kind) {
    case Kind::kOptional: return sent_as_json(type.inner());
    case Kind::kStruct:
    case Kind::kMap:
    case Kind::kJson:
    case Kind::kJsonObject: return true;
    default: return false;
  }
}

// The properties of a struct, without the struct itself as a component.
json::object properties_of(const TypeInfo& type, json::object& components) {
  const json::object before = components;
  const json::value reference = described::schema(type, components);
  const json::value* target = reference.is_object() ? reference.get_object().if_contains("$ref") : nullptr;
  if (target == nullptr || !target->is_string()) return {};
  const std::string_view path(target->get_string().data(), target->get_string().size());
  const std::string name(path.substr(path.rfind('/') + 1));
  json::object properties = components.at(name).at("properties").as_object();
  if (!before.contains(name)) components.erase(name);
  return properties;
}

void add_parameters(const RouteInput& input, json::array& parameters, json::object& components) {
  const json::object properties = properties_of(*input.info.type, components);
  const std::vector<described::MemberFacts> members = described::members_of(*input.info.type);
  for (std::size_t i = 0; i < members.size(); ++i) {
    json::object schema;
    if (const json::value* found = properties.if_contains(members[i].name); found != nullptr && found->is_object())
      schema = found->get_object();
    json::object parameter;
    if (!members[i].description.empty()) parameter["description"] = members[i].description;
    parameter["required"] = members[i].required || input.info.source == Source::kPath;
    if (const json::value* example = schema.if_contains("example")) parameter["example"] = *example;
    if (sent_as_json(*members[i].type))
      parameter["content"] = json::object{{"application/json", json::object{{"schema", std::move(schema)}}}};
    else
      parameter["schema"] = std::move(schema);
    parameter["name"] = input.names[i];
    parameter["in"] = place_of(input.info.source);
    parameters.push_back(std::move(parameter));
  }
}

// Parameters of the path that no handler's input names: they are there all the same.
void add_unread(const RouteInfo& route, json::array& parameters) {
  for (const std::string& name : route.parameters) {
    const auto names_it = [&](const json::value& parameter) {
      return parameter.at("name").as_string() == std::string_view(name) && parameter.at("in").as_string() == "path";
    };
    if (std::any_of(parameters.begin(), parameters.end(), names_it)) continue;
    parameters.push_back(
        json::object{{"required", true}, {"schema", json::object{{"type", "string"}}}, {"name", name}, {"in", "path"}});
  }
}

json::object content(std::string_view media_type, json::value schema) {
  return json::object{{media_type, json::object{{"schema", std::move(schema)}}}};
}

json::object request_body(const RouteInput& input, json::object& components) {
  const TypeInfo& type = *input.info.type;
  std::string_view media_type = "application/json";
  bool required = type.kind != Kind::kOptional;
  if (input.info.source == Source::kForm) {
    media_type = has_files(type) ? "multipart/form-data" : "application/x-www-form-urlencoded";
    const auto members = described::members_of(type);
    required = std::any_of(members.begin(), members.end(), [](const described::MemberFacts& member) { return member.required; });
  }
  json::object body{{"content", content(media_type, described::schema(type, components))}};
  if (required) body["required"] = true;
  return body;
}

json::object success(const RouteInfo& route, json::object& components) {
  json::object answer{{"description", "Successful Response"}};
  const json::object text{{"type", "string"}};
  const json::object binary{{"type", "string"}, {"format", "binary"}};
  switch (route.operation.output.body) {
    case BodyKind::kJson:
      answer["content"] = content("application/json", described::schema(*route.operation.output.type, components));
      break;
    case BodyKind::kText: answer["content"] = content("text/plain", text); break;
    case BodyKind::kBytes:
    case BodyKind::kFile:
    case BodyKind::kChunks: answer["content"] = content("application/octet-stream", binary); break;
    case BodyKind::kEvents: answer["content"] = content("text/event-stream", text); break;
    case BodyKind::kResponse: answer["content"] = content("application/json", json::object{}); break;
    case BodyKind::kNothing:
    case BodyKind::kWebSocket: break;
  }
  return answer;
}

json::object detail_answer(std::string_view description) {
  json::object schema{{"type", "object"},
                      {"required", json::array{"detail"}},
                      {"properties", json::object{{"detail", json::object{{"type", "string"}}}}}};
  return json::object{{"description", description}, {"content", content("application/json", std::move(schema))}};
}

json::object responses(const RouteInfo& route, json::object& components) {
  json::object answers{{std::to_string(route.success_status()), success(route, components)}};
  for (const DocumentedResponse& extra : route.responses) {
    json::object& answer = answers[std::to_string(extra.status)].is_object()
                               ? answers[std::to_string(extra.status)].get_object()
                               : answers[std::to_string(extra.status)].emplace_object();
    answer["description"] = extra.description;
    if (extra.type != nullptr) answer["content"] = content("application/json", described::schema(*extra.type, components));
  }
  const OutputInfo& output = route.operation.output;
  if ((output.may_be_missing || output.body == BodyKind::kFile) && !answers.contains("404"))
    answers["404"] = detail_answer("Not Found");
  const auto is_body = [](const RouteInput& input) {
    return input.info.source == Source::kJson || input.info.source == Source::kForm;
  };
  if (std::any_of(route.inputs.begin(), route.inputs.end(), is_body) && !answers.contains("400"))
    answers["400"] = detail_answer("The body can not be read");
  if (!route.inputs.empty() && !answers.contains("422")) {
    const json::object reference{{"$ref", "#/components/schemas/HTTPValidationError"}};
    answers["422"] = json::object{{"description", "Validation Error"}, {"content", content("application/json", reference)}};
  }
  return answers;
}

// "put_item" -> "Put Item".
std::string title_of(std::string name) {
  bool start = true;
  for (char& c : name) {
    if (c == '_') c = ' ';
    if (start && c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
    start = c == ' ';
  }
  return name;
}

}  // namespace

json::object openapi_operation(const RouteInfo& route, const std::string& method, json::object& components) {
  json::object operation;
  if (!route.tags.empty()) operation["tags"] = json::array(route.tags.begin(), route.tags.end());
  const std::string summary = route.summary.empty() ? title_of(route.name) : route.summary;
  if (!summary.empty()) operation["summary"] = summary;
  if (!route.description.empty()) operation["description"] = route.description;
  operation["operationId"] =
      route.operation_id.empty() ? openapi_operation_id(route.name, route.pattern.openapi(), method) : route.operation_id;
  json::array parameters;
  for (const Source source : {Source::kPath, Source::kQuery, Source::kHeader, Source::kCookie})
    for (const RouteInput& input : route.inputs)
      if (input.info.source == source) add_parameters(input, parameters, components);
  add_unread(route, parameters);
  if (!parameters.empty()) operation["parameters"] = std::move(parameters);
  for (const RouteInput& input : route.inputs)
    if (input.info.source == Source::kJson || input.info.source == Source::kForm)
      operation["requestBody"] = request_body(input, components);
  operation["responses"] = responses(route, components);
  if (route.deprecated) operation["deprecated"] = true;
  return operation;
}

}  // namespace jina::app
