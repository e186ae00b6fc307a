// DocumentModel -> Document, as docarray builds it and protobuf takes it.
#include <cmath>
#include <limits>

#include "base/base64.hpp"
#include "base/ids.hpp"
#include "base/python_number.hpp"
#include "document/json/document_model.hpp"
#include "document/json/media_type.hpp"

namespace jina::pyjson {
namespace {

namespace json = boost::json;

bool check_text(Context& context, std::string_view field, const Value& value) {
  if (value.flag) return context.fail(std::string(field) + ": a lone surrogate can not be encoded in UTF-8");
  return true;
}

bool set_text(Context& context, std::string_view field, const Value& value, std::string& to) {
  if (value.is_null()) return true;
  to = value.string();
  return check_text(context, field, value);
}

bool set_unsigned(Context& context, std::string_view field, std::int64_t value, std::uint32_t& to) {
  if (value < 0 || value > std::numeric_limits<std::uint32_t>::max())
    return context.fail(std::string(field) + ": " + std::to_string(value) + " does not fit an unsigned 32-bit integer");
  to = static_cast<std::uint32_t>(value);
  return true;
}
std::int64_t integer_of(const Value& value) { return value.is_null() ? 0 : value.integer; }
std::int64_t one_more(std::int64_t value) { return value == std::numeric_limits<std::int64_t>::max() ? value : value + 1; }

// Beyond the range of a float there is infinity, as with protobuf in Python.
float narrow(double value) {
  constexpr double kMost = std::numeric_limits<float>::max();
  if (std::abs(value) > kMost && !std::isinf(value)) {
    // What rounds down to the largest float is still in range.
    if (std::abs(value) < kMost + std::ldexp(1.0, 103))
      return std::copysign(std::numeric_limits<float>::max(), static_cast<float>(value > 0 ? 1 : -1));
    return value > 0 ? std::numeric_limits<float>::infinity() : -std::numeric_limits<float>::infinity();
  }
  return static_cast<float>(value);
}
void set_float(const Value& value, float& to) {
  if (!value.is_null()) to = narrow(value.real);
}

bool set_tensor(Context& context, std::string_view field, const TensorModel& model) {
  if (model.sendable) return true;
  return context.fail(std::string(field) + ": the elements are neither all numbers within 64 bits, nor all texts");
}

bool set_content(Context& context, DocumentModel& model, Document& document) {
  // docarray assigns text, blob and tensor in this order, and each assignment clears the others.
  if (!model.blob.is_null()) {
    if (!check_text(context, "blob", model.blob)) return false;
    const std::string_view encoded = model.blob.string();
    for (const char c : encoded) {
      if ((c & 0x80) != 0) return context.fail("blob: base64 is ASCII only");
    }
    std::optional<std::string> blob = base64_decode_lenient(encoded);
    if (!blob) return context.fail("blob: base64 with incorrect padding");
    if (!blob->empty() && !model.tensor) document.set_blob(Bytes::take(*std::move(blob)));
  } else if (!model.text.is_null() && !model.tensor) {
    if (!check_text(context, "text", model.text)) return false;
    if (model.text.size > 0) document.set_text(std::string(model.text.string()));
  }
  if (model.tensor) {
    if (!set_tensor(context, "tensor", *model.tensor)) return false;
    document.set_tensor(std::move(model.tensor->tensor));
  }
  if (model.embedding) {
    if (!set_tensor(context, "embedding", *model.embedding)) return false;
    document.embedding = std::move(model.embedding->tensor);
  }
  return true;
}

bool set_media_type(Context& context, const DocumentModel& model, Document& document) {
  if (!set_text(context, "uri", model.uri, document.uri) || !set_text(context, "mime_type", model.mime_type, document.mime_type))
    return false;
  // A type that was given is kept even when it is empty.
  if (model.mime_type.is_null() || !document.mime_type.empty())
    document.mime_type = media_type_of(document.mime_type, document.uri);
  return true;
}

bool set_scores(Context& context, std::string_view field, const Value& value, NamedScores& scores) {
  if (value.is_null()) return true;
  for (const Member& member : value.object()) {
    const std::span<const Value> parts = member.value.array();
    const bool is_blank = parts[0].is_null() && parts[1].is_null() && parts[2].is_null() && parts[3].is_null();
    if (is_blank) continue;
    NamedScore score;
    set_float(parts[0], score.value);
    if (!check_text(context, field, member.key) || !set_text(context, field, parts[1], score.op_name) ||
        !set_text(context, field, parts[2], score.description) || !set_text(context, field, parts[3], score.ref_id))
      return false;
    scores.insert_or_assign(std::string(member.key.string()), std::move(score));
  }
  return true;
}

bool to_json_value(Context& context, const Value& value, json::value& out) {
  switch (value.kind) {
    case Kind::kNull: out = nullptr; return true;
    case Kind::kBool: out = value.flag; return true;
    case Kind::kInt: out = value.integer; return true;
    case Kind::kFloat: out = value.real; return true;
    case Kind::kBigInt: {
      const double real = float_from_digits(value.string());
      if (std::isinf(real)) return context.fail("an integer is too large for a float");
      out = real;
      return true;
    }
    case Kind::kString:
      if (!check_text(context, "a text in tags or parameters", value)) return false;
      out = json::string(value.string());
      return true;
    case Kind::kObject: return to_json_object(context, value, out.emplace_object());
    case Kind::kArray:
    case Kind::kNumbers: break;
  }
  const std::span<const Value> items = list_items(context, value);
  json::array& array = out.emplace_array();
  array.reserve(items.size());
  for (const Value& item : items) {
    if (!to_json_value(context, item, array.emplace_back(nullptr))) return false;
  }
  return true;
}

}  // namespace

bool to_json_object(Context& context, const Value& value, json::object& object) {
  object.reserve(value.size);
  for (const Member& member : value.object()) {
    if (member.key.kind != Kind::kString) return context.fail("a key of parameters is not a string");
    if (!check_text(context, "a key of tags or parameters", member.key)) return false;
    if (!to_json_value(context, member.value, object[member.key.string()])) return false;
  }
  return true;
}

bool to_document(Context& context, DocumentModel&& model, Document& document, Role role) {
  if (model.id.is_null()) {
    document.id = random_id();
  } else if (!set_text(context, "id", model.id, document.id)) {
    return false;
  }
  const std::int64_t granularity = integer_of(model.granularity);
  const std::int64_t adjacency = integer_of(model.adjacency);
  // What ties a child to its parent comes from there, whatever was given. A child's own children see what was given, as in Python.
  const auto convert = [&](std::optional<std::vector<DocumentModel>>& models, DocumentArray& documents, Role child_role) {
    if (!models) return true;
    documents.resize(models->size(), Document::blank());
    for (std::size_t i = 0; i < documents.size(); ++i) {
      Document& child = documents[i];
      if (!to_document(context, std::move((*models)[i]), child, child_role)) return false;
      if (child_role == Role::kChunk) {
        child.parent_id = document.id;
        if (!set_unsigned(context, "granularity", one_more(granularity), child.granularity)) return false;
      } else if (!set_unsigned(context, "adjacency", one_more(adjacency), child.adjacency)) {
        return false;
      }
    }
    return true;
  };
  if (!convert(model.chunks, document.chunks, Role::kChunk) || !convert(model.matches, document.matches, Role::kMatch))
    return false;
  if (role != Role::kChunk && (!set_text(context, "parent_id", model.parent_id, document.parent_id) ||
                               !set_unsigned(context, "granularity", granularity, document.granularity)))
    return false;
  if (role != Role::kMatch && !set_unsigned(context, "adjacency", adjacency, document.adjacency)) return false;

  if (!set_content(context, model, document) || !set_media_type(context, model, document) ||
      !set_text(context, "modality", model.modality, document.modality) ||
      !set_scores(context, "scores", model.scores, document.scores) ||
      !set_scores(context, "evaluations", model.evaluations, document.evaluations))
    return false;
  set_float(model.weight, document.weight);
  set_float(model.offset, document.offset);
  if (!model.location.is_null()) {
    for (const Value& item : model.location.array()) document.location.push_back(narrow(item.real));
  }
  if (!model.tags.is_null() && !to_json_object(context, model.tags, document.tags)) return false;
  return model.metadata.is_null() || model.metadata.size == 0 ||
         to_json_object(context, model.metadata, document.metadata.emplace());
}

}  // namespace jina::pyjson
