#include "app/body_input.hpp"

#include <boost/json/monotonic_resource.hpp>

#include <algorithm>

#include "app/repair_utf8.hpp"
#include "base/utf8.hpp"
#include "document/json/document_model.hpp"
#include "document/json/parse.hpp"

namespace jina::app {
namespace {

namespace json = boost::json;
using described::Kind;
using described::TypeInfo;

const json::array kBody{"body"};
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool missing(Call& call) {
  call.errors.push_back({kBody, "field required", "value_error.missing"});
  return false;
}

[[noreturn]] void refuse_body() { throw HttpError(400, "There was an error parsing the body"); }

bool malformed(Call& call, const pyjson::SyntaxError& error, std::string_view text) {
  json::object context{{"msg", error.message}, {"doc", text}, {"pos", error.pos}, {"lineno", error.line}, {"colno", error.column}};
  call.errors.clear();
  call.errors.push_back({{"body", error.pos}, error.to_string(), "value_error.jsondecode", std::move(context)});
  call.unreadable = true;
  return false;
}

// application/json and application/*+json; a request without content-type is taken to be JSON.
bool is_json(std::string_view content_type) {
  std::string type(content_type.substr(0, content_type.find(';')));
  std::erase_if(type, [](char c) { return c == ' ' || c == '\t'; });
  std::transform(type.begin(), type.end(), type.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return type.empty() || type == "application/json" || (type.starts_with("application/") && type.ends_with("+json"));
}

// FastAPI hands a body that is not JSON to the type as bytes: a struct is no dict then, a text is the text.
bool read_other(Call& call, const TypeInfo& type, void* into, std::string_view content_type, std::string_view body) {
  if (type.kind == Kind::kJson) {
    call.errors.push_back(
        {kBody, "the content-type is " + std::string(content_type) + ", expected application/json", "value_error.content_type"});
    return false;
  }
  std::string text(body);
  repair_utf8(text);
  return described::read(type, into, json::string(text), {}, kBody, call.errors);
}

json::value to_value(const pyjson::Value& value, pyjson::Arena& arena, const json::storage_ptr& memory) {
  switch (value.kind) {
    case pyjson::Kind::kNull: return json::value(nullptr, memory);
    case pyjson::Kind::kBool: return json::value(value.flag, memory);
    case pyjson::Kind::kInt: return json::value(value.integer, memory);
    case pyjson::Kind::kBigInt: {
      // Only unsigned ones of 64 bits have a place in boost::json; others read as a float, which no integer member takes.
      const std::string digits(value.string());
      if (digits.front() != '-' && digits.size() <= 20) {
        errno = 0;
        const unsigned long long number = std::strtoull(digits.c_str(), nullptr, 10);
        if (errno == 0) return json::value(std::uint64_t{number}, memory);
      }
      return json::value(std::strtod(digits.c_str(), nullptr), memory);
    }
    case pyjson::Kind::kFloat: return json::value(value.real, memory);
    case pyjson::Kind::kString: return json::value(json::string_view(value.text, value.size), memory);
    case pyjson::Kind::kNumbers: return to_value(pyjson::expand(*value.block, arena), arena, memory);
    case pyjson::Kind::kObject: {
      json::object object(value.size, memory);
      for (const pyjson::Member& member : value.object())
        object.insert_or_assign(json::string_view(member.key.text, member.key.size), to_value(member.value, arena, memory));
      return json::value(std::move(object));
    }
    case pyjson::Kind::kArray: break;
  }
  json::array array(memory);
  array.reserve(value.size);
  for (const pyjson::Value& item : value.array()) array.push_back(to_value(item, arena, memory));
  return json::value(std::move(array));
}

json::value to_json(const LocItem& item) {
  if (const auto* index = std::get_if<std::int64_t>(&item)) return *index;
  return json::string(std::get<std::string>(item));
}

// What Jina's own validation found, as errors of this call.
bool take_errors(Call& call, const pyjson::Context& context) {
  for (const ValidationDetail& detail : context.errors) {
    json::array location;
    for (const LocItem& item : detail.loc) location.push_back(to_json(item));
    call.errors.push_back({std::move(location), detail.msg, detail.type});
  }
  if (!context.fatal.empty()) call.errors.push_back({kBody, context.fatal, "value_error"});
  return context.errors.empty() && context.fatal.empty();
}

// Documents without the way through boost::json: their arrays of numbers are read straight into tensors.
bool read_document(Call& call, const pyjson::Value& value, pyjson::Arena& arena, Document& document) {
  pyjson::Context context{arena};
  pyjson::DocumentModel model;
  const pyjson::Loc body{nullptr, "body", -1};
  document = Document::blank();
  if (validate_document(context, body, value, model)) to_document(context, std::move(model), document);
  return take_errors(call, context);
}
bool read_documents(Call& call, const pyjson::Value& value, pyjson::Arena& arena, DocumentArray& documents) {
  pyjson::Context context{arena};
  std::vector<pyjson::DocumentModel> models;
  const pyjson::Loc body{nullptr, "body", -1};
  if (validate_documents(context, body, value, models)) {
    documents.resize(models.size(), Document::blank());
    for (std::size_t i = 0; i < models.size(); ++i)
      if (!to_document(context, std::move(models[i]), documents[i])) break;
  }
  return take_errors(call, context);
}

}  // namespace

bool read_json(Call& call, const TypeInfo& type, void* into) {
  std::string_view body = call.request.body.view();
  const bool optional = type.kind == Kind::kOptional;
  if (body.empty()) return optional || missing(call);
  const std::string_view content_type = call.request.header("content-type");
  if (!is_json(content_type)) return read_other(call, type, into, content_type, body);
  if (!is_utf8(body)) refuse_body();
  if (body.starts_with(kByteOrderMark)) body.remove_prefix(kByteOrderMark.size());

  pyjson::Arena arena;
  const pyjson::ParseResult parsed = pyjson::parse(body, arena);
  if (const auto* error = std::get_if<pyjson::SyntaxError>(&parsed)) return malformed(call, *error, body);
  if (std::holds_alternative<pyjson::Refusal>(parsed)) refuse_body();
  const pyjson::Value& value = std::get<pyjson::Value>(parsed);
  if (value.is_null()) return optional || missing(call);

  if (type.custom == &described::CustomType<Document>::kInfo)
    return read_document(call, value, arena, *static_cast<Document*>(into));
  if (type.custom == &described::CustomType<DocumentArray>::kInfo)
    return read_documents(call, value, arena, *static_cast<DocumentArray*>(into));
  unsigned char memory[4096];
  json::monotonic_resource resource(memory, sizeof memory);
  const json::value tree = to_value(value, arena, &resource);
  return described::read(type, into, tree, {}, kBody, call.errors);
}

}  // namespace jina::app
