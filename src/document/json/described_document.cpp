// Document and DocumentArray as members and roots of described types (jina/described.hpp): Jina's document JSON as its HTTP server
// reads and writes it, with the same errors.
#include <boost/json/parse.hpp>
#include <stdexcept>

#include "document/json/document_schema.hpp"
#include "document/json/document_writer.hpp"
#include "jina/described.hpp"

namespace jina::described {
namespace {

namespace json = boost::json;
using pyjson::Context;
using pyjson::DocumentModel;
using pyjson::Loc;
using pyjson::Value;

// The value as the document reader wants it; texts and keys stay where they are.
Value convert(pyjson::Arena& arena, const json::value& value) {
  switch (value.kind()) {
    case json::kind::null: return {};
    case json::kind::bool_: return Value::of_bool(value.get_bool());
    case json::kind::double_: return Value::of_float(value.get_double());
    case json::kind::string: return Value::of_string(value.get_string());
    case json::kind::int64: {
      Value integer;
      integer.kind = pyjson::Kind::kInt;
      integer.integer = value.get_int64();
      return integer;
    }
    case json::kind::uint64: {
      Value integer = Value::of_string(arena.copy(std::string_view(std::to_string(value.get_uint64()))));
      integer.kind = pyjson::Kind::kBigInt;
      return integer;
    }
    case json::kind::array: {
      std::vector<Value> items;
      items.reserve(value.get_array().size());
      for (const json::value& item : value.get_array()) items.push_back(convert(arena, item));
      return Value::of_array(arena.copy(std::span<const Value>(items)));
    }
    case json::kind::object: {
      std::vector<pyjson::Member> members;
      members.reserve(value.get_object().size());
      for (const auto& entry : value.get_object())
        members.push_back({Value::of_string(entry.key()), convert(arena, entry.value())});
      return Value::of_object(arena.copy(std::span<const pyjson::Member>(members)));
    }
  }
  return {};
}

// False, with the errors located.
bool report(const Context& context, const json::array& at, std::vector<InputError>& errors) {
  for (const ValidationDetail& detail : context.errors) {
    InputError& error = errors.emplace_back(InputError{at, detail.msg, detail.type});
    for (std::size_t i = 1; i < detail.loc.size(); ++i) {  // the first is the root's, which has no key
      if (const auto* index = std::get_if<std::int64_t>(&detail.loc[i])) {
        error.location.emplace_back(*index);
      } else {
        error.location.emplace_back(std::get<std::string>(detail.loc[i]));
      }
    }
  }
  // What Jina's server fails on with a 500 is the sender's mistake all the same.
  if (context.errors.empty()) errors.push_back({at, context.fatal, "value_error"});
  return false;
}

bool read_document(void* into, const json::value& value, const ReadOptions&, const json::array& at,
                   std::vector<InputError>& errors) {
  pyjson::Arena arena;
  Context context{arena};
  DocumentModel model;
  Document document = Document::blank();
  if (!validate_document(context, {}, convert(arena, value), model) || !to_document(context, std::move(model), document))
    return report(context, at, errors);
  *static_cast<Document*>(into) = std::move(document);
  return true;
}

bool read_array(void* into, const json::value& value, const ReadOptions&, const json::array& at, std::vector<InputError>& errors) {
  pyjson::Arena arena;
  Context context{arena};
  std::vector<DocumentModel> models;
  if (!validate_documents(context, {}, convert(arena, value), models)) return report(context, at, errors);
  DocumentArray documents;
  documents.resize(models.size(), Document::blank());
  for (std::size_t i = 0; i < models.size(); ++i)
    if (!to_document(context, std::move(models[i]), documents[i])) return report(context, at, errors);
  *static_cast<DocumentArray*>(into) = std::move(documents);
  return true;
}

template <class Write, class T>
void write_with(Write write, const T& value, std::string& out) {
  pyjson::Output output(out, JsonDialect::kHttp);
  write(output, value);
  if (output.failed()) throw std::domain_error("a document can not be written as JSON: " + output.problem());
}
void write_one(const void* from, std::string& out) {
  write_with([](pyjson::Output& to, const Document& document) { pyjson::write_document(to, document); },
             *static_cast<const Document*>(from), out);
}
void write_all(const void* from, std::string& out) {
  write_with([](pyjson::Output& to, const DocumentArray& documents) { pyjson::write_documents(to, documents); },
             *static_cast<const DocumentArray*>(from), out);
}

template <void (*kWrite)(const void*, std::string&)>
json::value value_of(const void* from) {
  std::string text;
  kWrite(from, text);
  json::parse_options options;
  options.max_depth = 10'000;  // it is text of ours
  return json::parse(text, {}, options);
}

bool is_blank_document(const void* object) {
  Document document = *static_cast<const Document*>(object);
  document.id.clear();
  return document == Document::blank();
}
bool is_blank_array(const void* object) { return static_cast<const DocumentArray*>(object)->empty(); }

json::value array_schema(json::object& components) { return {{"items", pyjson::document_schema(components)}, {"type", "array"}}; }

}  // namespace

constinit const CustomInfo CustomType<Document>::kInfo{"a document",          &read_document,           &write_one,
                                                       &value_of<&write_one>, &pyjson::document_schema, &is_blank_document};
constinit const CustomInfo CustomType<DocumentArray>::kInfo{"a list of documents", &read_array,   &write_all,
                                                            &value_of<&write_all>, &array_schema, &is_blank_array};

}  // namespace jina::described
