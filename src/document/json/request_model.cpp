#include "document/json/request_model.hpp"

#include <algorithm>

#include "base/utf8.hpp"
#include "document/json/parse.hpp"

namespace jina::pyjson {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool is_json(std::string_view content_type) {
  std::string type(content_type.substr(0, content_type.find(';')));
  std::erase_if(type, [](char c) { return c == ' ' || c == '\t'; });
  std::transform(type.begin(), type.end(), type.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return type == "application/json" || (type.starts_with("application/") && type.ends_with("+json"));
}

JsonRequestError invalid(ValidationDetail detail) {
  JsonRequestError error;
  error.http_status = 422;
  error.reason = detail.msg;
  error.details.push_back(std::move(detail));
  return error;
}
JsonRequestError not_a_dict() { return invalid({{"body"}, "value is not a valid dict", "type_error.dict"}); }

JsonRequestError malformed(const SyntaxError& error, std::string_view text) {
  ValidationDetail detail{{"body", static_cast<std::int64_t>(error.pos)}, error.to_string(), "value_error.jsondecode"};
  detail.ctx = JsonErrorContext{error.message, std::string(text), error.pos, error.line, error.column};
  return invalid(std::move(detail));
}

const Value* find(std::span<const Member> members, std::string_view key) {
  for (const Member& member : members) {
    if (member.key.string() == key) return &member.value;
  }
  return nullptr;
}

// Under its name in camelCase if that is there, else in snake_case.
const Value* find(std::span<const Member> members, std::string_view alias, std::string_view name) {
  const Value* value = find(members, alias);
  return value != nullptr ? value : find(members, name);
}

// `data`: a list of documents, or an object of such lists, of which only `docs` is used. When neither fits, the complaints of
// both are listed.
void validate_data(Context& context, const Loc& loc, const Value& value, bool websocket, RequestModel& model) {
  if (validate_documents(context, loc, value, model.documents.emplace()) || !context.fatal.empty()) return;
  const std::size_t errors_before = context.errors.size();
  model.documents.reset();
  std::span<const Member> members;
  if (!as_dict(context, value, members)) {
    context.not_a_dict(loc);
    return;
  }
  for (Member member : members) {
    // The place is named by the key as it was given.
    Value key = member.key;
    if (!coerce_key(context, loc, key)) continue;
    const Loc at = loc.at(key.string());
    std::vector<DocumentModel> documents;
    if (member.value.is_null()) {
      context.none_not_allowed(at);
    } else if (validate_documents(context, at, member.value, documents) && key.string() == "docs") {
      model.documents = std::move(documents);
    }
    if (!context.fatal.empty()) return;
  }
  if (context.errors.size() != errors_before) return;
  context.errors.clear();
  if (members.empty()) {
    model.documents.emplace();
    return;
  }
  // Over WebSocket, Jina looks for `docs` in what was sent, not in what was understood.
  if (!model.documents || (websocket && value.kind != Kind::kObject)) model.unusable_data = true;
}

}  // namespace

void validate_members(Context& context, std::span<const Member> members, const JsonRequestOptions& options, RequestModel& model) {
  const Loc body{nullptr, "body", -1};
  if (const Value* data = find(members, "data"); data != nullptr && !data->is_null())
    validate_data(context, body.at("data"), *data, options.websocket, model);
  if (const Value* target = find(members, "targetExecutor", "target_executor")) {
    model.target_executor = *target;
    coerce_string(context, body.at("targetExecutor"), model.target_executor);
  }
  if (const Value* parameters = find(members, "parameters"); parameters != nullptr && !parameters->is_null()) {
    std::span<const Member> entries;
    if (as_dict(context, *parameters, entries)) {
      model.parameters = Value::of_object(entries);
    } else {
      context.not_a_dict(body.at("parameters"));
    }
  }
  if (!options.endpoint_from_body) return;
  model.exec_endpoint = Value::of_string("/");
  if (const Value* endpoint = find(members, "execEndpoint", "exec_endpoint")) {
    model.exec_endpoint = *endpoint;
    if (endpoint->is_null()) {
      context.none_not_allowed(body.at("execEndpoint"));
    } else {
      coerce_string(context, body.at("execEndpoint"), model.exec_endpoint);
    }
  }
}

MembersResult read_members(std::string_view body, const JsonRequestOptions& options, Context& context) {
  const ValidationDetail missing{{"body"}, "field required", "value_error.missing"};
  if (body.empty() && !options.websocket) return invalid(missing);
  if (options.content_type && !is_json(*options.content_type)) return not_a_dict();
  if (!is_utf8(body)) return JsonRequestError{400, {}, "the body is not UTF-8"};
  if (!options.websocket && body.starts_with(kByteOrderMark)) body.remove_prefix(kByteOrderMark.size());

  ParseResult parsed = parse(body, context.arena);
  if (const auto* error = std::get_if<SyntaxError>(&parsed)) return malformed(*error, body);
  if (const auto* refusal = std::get_if<Refusal>(&parsed)) return JsonRequestError{400, {}, refusal->message};
  const Value& value = std::get<Value>(parsed);

  std::span<const Member> members;
  if (options.websocket) {
    if (value.kind != Kind::kObject) return JsonRequest::Kind::kIgnored;
    members = value.object();
    if (members.empty()) return JsonRequest::Kind::kEndOfStream;
  } else {
    if (value.is_null()) return invalid(missing);
    if (!as_dict(context, value, members)) return not_a_dict();
    if (!has_string_keys(members)) return invalid({{"body"}, "keywords must be strings", "type_error"});
  }
  return members;
}

const Value* find_member(std::span<const Member> members, std::string_view alias, std::string_view name) {
  return find(members, alias, name);
}

std::optional<JsonRequestError> refusal_of(Context& context) {
  if (!context.fatal.empty()) return JsonRequestError{500, {}, context.fatal};
  if (context.errors.empty()) return std::nullopt;
  JsonRequestError error;
  error.http_status = 422;
  error.details = std::move(context.errors);
  error.reason = error.details.front().msg;
  return error;
}

ModelResult read_request(std::string_view body, const JsonRequestOptions& options, Context& context) {
  MembersResult read = read_members(body, options, context);
  if (const auto* kind = std::get_if<JsonRequest::Kind>(&read)) return *kind;
  if (auto* error = std::get_if<JsonRequestError>(&read)) return std::move(*error);
  const auto members = std::get<std::span<const Member>>(read);
  RequestModel model;
  validate_members(context, members, options, model);
  if (auto refusal = refusal_of(context)) return std::move(*refusal);
  if (options.websocket && find(members, "data") == nullptr)
    return JsonRequestError{500, {}, "the frame has no `data`; send null for none"};
  return model;
}

}  // namespace jina::pyjson
