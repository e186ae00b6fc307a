#include "document/json/executor_request.hpp"

#include "document/json/document_model.hpp"
#include "document/json/document_writer.hpp"
#include "document/json/request_model.hpp"
#include "document/request_documents.hpp"
#include "document/struct_codec.hpp"

namespace jina {
namespace {

using pyjson::Context;
using pyjson::DocumentModel;
using pyjson::Loc;
using pyjson::Member;
using pyjson::Output;
using pyjson::Value;

using Members = std::span<const Member>;

pyjson::MembersResult members_of(std::string_view body, std::optional<std::string_view> content_type, Context& context) {
  JsonRequestOptions options;
  options.content_type = content_type;
  return read_members(body, options, context);
}

// A list of Documents or one of them. When neither fits, the complaints of both are listed.
void validate_data(Context& context, const Loc& loc, const Value& value, std::vector<DocumentModel>& models) {
  if (value.is_null()) {
    context.none_not_allowed(loc);
    return;
  }
  if (validate_documents(context, loc, value, models) || !context.fatal.empty()) return;
  models.clear();
  if (validate_document(context, loc, value, models.emplace_back())) context.errors.clear();
}

// An object, or null.
const Value* validate_object(Context& context, const Loc& loc, const Value* value, Members& members) {
  if (value == nullptr || value->is_null()) return nullptr;
  if (as_dict(context, *value, members)) return value;
  context.not_a_dict(loc);
  return nullptr;
}

JsonRequestResult built(Context& context, std::vector<DocumentModel> models, const Value* parameters, Members entries) {
  if (auto refusal = refusal_of(context)) {
    if (refusal->http_status == 422 && !write_validation_details(refusal->details))
      return JsonRequestError{500, {}, "the complaint quotes a lone surrogate, which can not be encoded in UTF-8"};
    return std::move(*refusal);
  }
  JsonRequest request;
  request.has_data = true;
  request.docs.resize(models.size(), Document::blank());
  for (std::size_t i = 0; i < models.size(); ++i)
    if (!to_document(context, std::move(models[i]), request.docs[i])) return JsonRequestError{500, {}, context.fatal};
  if (parameters != nullptr && !to_json_object(context, Value::of_object(entries), request.parameters.emplace()))
    return JsonRequestError{500, {}, context.fatal};
  return request;
}

}  // namespace

JsonRequestResult parse_executor_request(std::string_view body, std::optional<std::string_view> content_type) {
  pyjson::Arena arena;
  Context context{arena};
  pyjson::MembersResult read = members_of(body, content_type, context);
  if (auto* error = std::get_if<JsonRequestError>(&read)) return std::move(*error);
  const auto members = std::get<Members>(read);
  const Loc at{nullptr, "body", -1};
  std::vector<DocumentModel> models;
  if (const Value* data = find_member(members, "data", "data")) {
    validate_data(context, at.at("data"), *data, models);
  } else {
    context.error(at.at("data"), "field required", "value_error.missing");
  }
  Members entries;
  Members header;
  const Value* parameters =
      validate_object(context, at.at("parameters"), find_member(members, "parameters", "parameters"), entries);
  validate_object(context, at.at("header"), find_member(members, "header", "header"), header);
  return built(context, std::move(models), parameters, entries);
}

JsonRequestResult parse_document_request(std::string_view body, std::optional<std::string_view> content_type) {
  pyjson::Arena arena;
  Context context{arena};
  pyjson::MembersResult read = members_of(body, content_type, context);
  if (auto* error = std::get_if<JsonRequestError>(&read)) return std::move(*error);
  std::vector<DocumentModel> models(1);
  validate_document(context, Loc{nullptr, "body", -1}, Value::of_object(std::get<Members>(read)), models.front());
  return built(context, std::move(models), nullptr, {});
}

JsonRequestResult parse_document_query(const std::vector<std::pair<std::string, std::string>>& query) {
  std::string body = "{";
  Output output(body, JsonDialect::kHttp);
  for (const auto& [name, value] : query) {
    if (body.size() > 1) output.raw(",");
    output.string(name);
    output.raw(":");
    output.string(value);
  }
  output.raw("}");
  if (output.failed()) return JsonRequestError{400, {}, output.problem()};
  return parse_document_request(body, std::nullopt);
}

Result<std::string> write_executor_response(const wire::DataRequest& response) {
  std::string text = "{\"data\":";
  Output output(text, JsonDialect::kHttp);
  if (const DocumentArray* docs = decoded_documents(response)) {
    write_documents(output, *docs);
  } else {
    Result<DataContent> content = content_of(response);
    if (!content) return std::move(content).error();
    if (content->docs_bytes) return Status{StatusCode::kInternal, "the answer has docs_bytes, which only Python can read"};
    write_documents(output, content->docs.value_or(DocumentArray()));
  }
  output.raw(",\"parameters\":");
  if (response.parameters) {
    Result<boost::json::object> parameters = decode_struct(response.parameters->view());
    if (!parameters) return std::move(parameters).error();
    write_struct(output, *parameters);
  } else {
    output.raw("{}");
  }
  output.raw("}");
  if (output.failed()) return Status{StatusCode::kInternal, "the answer can not be written as JSON: " + output.problem()};
  return text;
}

Result<std::string> write_document_json(const Document& document) {
  std::string text;
  Output output(text, JsonDialect::kHttp);
  write_document(output, document);
  if (output.failed()) return Status{StatusCode::kInternal, "the Document can not be written as JSON: " + output.problem()};
  return text;
}

}  // namespace jina
