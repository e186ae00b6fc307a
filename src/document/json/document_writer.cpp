#include "document/json/document_writer.hpp"

#include "base/base64.hpp"
#include "base/ids.hpp"
#include "document/json/media_type.hpp"
#include "document/json/tensor_writer.hpp"

namespace jina::pyjson {
namespace {

namespace json = boost::json;

// What a document gets from the one it is a chunk or a match of.
struct Inherited {
  const std::string* parent_id = nullptr;
  std::uint64_t granularity = 0;
  std::uint64_t adjacency = 0;
};

void write_json(Output& output, const json::value& value) {
  switch (value.kind()) {
    case json::kind::null: return output.raw("null");
    case json::kind::bool_: return output.boolean(value.get_bool());
    case json::kind::int64: return output.real(static_cast<double>(value.get_int64()));
    case json::kind::uint64: return output.real(static_cast<double>(value.get_uint64()));
    case json::kind::double_:
      if (!std::isfinite(value.get_double())) return output.fail("NaN or infinity in tags, parameters or _metadata");
      return output.real(value.get_double());
    case json::kind::string: return output.string(value.get_string());
    case json::kind::object: return write_struct(output, value.get_object());
    case json::kind::array: break;
  }
  output.raw("[");
  bool first = true;
  for (const json::value& item : value.get_array()) {
    if (!std::exchange(first, false)) output.raw(",");
    write_json(output, item);
  }
  output.raw("]");
}

// `_metadata` goes through a looser model than tags: what reads as a bool or a number becomes one.
void write_metadata(Output& output, const json::object& metadata) {
  Arena arena;
  Context context{arena};
  output.raw(R"(,"_metadata":{)");
  bool first = true;
  for (const auto& entry : metadata) {
    if (!std::exchange(first, false)) output.raw(",");
    output.string(entry.key());
    output.raw(":");
    Value value;
    if (const auto* real = entry.value().if_double()) {
      if (!std::isfinite(*real)) return output.fail("NaN or infinity in _metadata");
      value = Value::of_float(*real);
    } else if (const auto* text = entry.value().if_string()) {
      value = Value::of_string(std::string_view(text->data(), text->size()));
    } else {
      write_json(output, entry.value());
      continue;
    }
    coerce_struct_value(context, value, false);
    write_value(output, value);
  }
  output.raw("}");
}

void write_scores(Output& output, const NamedScores& scores) {
  if (scores.empty()) return output.raw("null");
  output.raw("{");
  bool first = true;
  for (const auto& [name, score] : scores) {
    if (!std::exchange(first, false)) output.raw(",");
    output.string(name);
    output.raw(R"(:{"value":)");
    if (score.value != 0) {
      output.real(score.value);
    } else {
      output.raw("null");
    }
    output.raw(R"(,"op_name":)");
    output.string_or_null(score.op_name);
    output.raw(R"(,"description":)");
    output.string_or_null(score.description);
    output.raw(R"(,"ref_id":)");
    output.string_or_null(score.ref_id);
    output.raw("}");
  }
  output.raw("}");
}

template <class Number>
void write_unless_zero(Output& output, Number value) {
  if (value == 0) return output.raw("null");
  if constexpr (std::is_floating_point_v<Number>) {
    output.real(value);
  } else {
    output.integer(value);
  }
}

void write_document(Output& output, const Document& document, const Inherited& inherited);

void write_children(Output& output, const DocumentArray& children, const Inherited& inherited) {
  if (children.empty()) return output.raw("null");
  output.raw("[");
  for (const Document& child : children) {
    if (&child != children.data()) output.raw(",");
    write_document(output, child, inherited);
  }
  output.raw("]");
}

void write_document(Output& output, const Document& document, const Inherited& inherited) {
  const std::string new_id = document.id.empty() ? random_id() : std::string();
  const std::string& id = document.id.empty() ? new_id : document.id;
  output.raw(R"({"id":)");
  output.string(id);
  output.raw(R"(,"parent_id":)");
  output.string_or_null(inherited.parent_id != nullptr ? *inherited.parent_id : document.parent_id);
  output.raw(R"(,"granularity":)");
  write_unless_zero(output, inherited.granularity != 0 ? inherited.granularity : document.granularity);
  output.raw(R"(,"adjacency":)");
  write_unless_zero(output, inherited.adjacency != 0 ? inherited.adjacency : document.adjacency);
  output.raw(R"(,"blob":)");
  if (document.has_blob() && !document.blob().empty()) {
    output.raw("\"");
    base64_append(output.text(), document.blob().view());
    output.raw("\"");
  } else {
    output.raw("null");
  }
  output.raw(R"(,"tensor":)");
  if (document.has_tensor()) {
    write_tensor(output, document.tensor());
  } else {
    output.raw("null");
  }
  output.raw(R"(,"mime_type":)");
  output.string_or_null(media_type_of(document.mime_type, document.uri));
  output.raw(R"(,"text":)");
  output.string_or_null(document.text());
  output.raw(R"(,"weight":)");
  write_unless_zero(output, static_cast<double>(document.weight));
  output.raw(R"(,"uri":)");
  output.string_or_null(document.uri);
  output.raw(R"(,"tags":)");
  if (document.tags.empty()) {
    output.raw("null");
  } else {
    write_struct(output, document.tags);
  }
  output.raw(R"(,"offset":)");
  write_unless_zero(output, static_cast<double>(document.offset));
  output.raw(R"(,"location":)");
  if (document.location.empty()) {
    output.raw("null");
  } else {
    char separator = '[';
    for (const float value : document.location) {
      output.raw({&separator, 1});
      output.real(value);
      separator = ',';
    }
    output.raw("]");
  }
  output.raw(R"(,"embedding":)");
  if (document.embedding) {
    write_tensor(output, *document.embedding);
  } else {
    output.raw("null");
  }
  output.raw(R"(,"modality":)");
  output.string_or_null(document.modality);
  output.raw(R"(,"evaluations":)");
  write_scores(output, document.evaluations);
  output.raw(R"(,"scores":)");
  write_scores(output, document.scores);
  // Children are tied to what the document says of itself, before its own parent had a word.
  output.raw(R"(,"chunks":)");
  write_children(output, document.chunks, {.parent_id = &id, .granularity = std::uint64_t{document.granularity} + 1});
  output.raw(R"(,"matches":)");
  write_children(output, document.matches, {.adjacency = std::uint64_t{document.adjacency} + 1});
  if (document.metadata && !document.metadata->empty()) write_metadata(output, *document.metadata);
  output.raw("}");
}

}  // namespace

void write_document(Output& output, const Document& document) { write_document(output, document, {}); }

void write_documents(Output& output, const DocumentArray& documents) {
  output.raw("[");
  for (const Document& document : documents) {
    if (&document != documents.data()) output.raw(",");
    write_document(output, document, {});
  }
  output.raw("]");
}

void write_struct(Output& output, const json::object& object) {
  output.raw("{");
  bool first = true;
  for (const auto& entry : object) {
    if (!std::exchange(first, false)) output.raw(",");
    output.string(entry.key());
    output.raw(":");
    write_json(output, entry.value());
  }
  output.raw("}");
}

}  // namespace jina::pyjson
