#include "document/json/document_model.hpp"

#include <array>
#include <cmath>

#include "base/python_number.hpp"
#include "document/json/list_to_tensor.hpp"

namespace jina::pyjson {
namespace {

constexpr int kMaxDepth = 100;  // protobuf's limit for nested messages

// The fields in pydantic's order, in which errors are listed.
enum Field : std::size_t {
  kId,
  kParentId,
  kGranularity,
  kAdjacency,
  kBlob,
  kTensor,
  kMimeType,
  kText,
  kWeight,
  kUri,
  kTags,
  kOffset,
  kLocation,
  kEmbedding,
  kModality,
  kEvaluations,
  kScores,
  kChunks,
  kMatches,
  kMetadata,
  kFieldCount
};
constexpr std::array<std::string_view, kFieldCount> kNames = {
    "id",   "parent_id", "granularity", "adjacency", "blob",     "tensor",      "mime_type", "text",   "weight",  "uri",
    "tags", "offset",    "location",    "embedding", "modality", "evaluations", "scores",    "chunks", "matches", "_metadata"};

using Fields = std::array<Value, kFieldCount>;

Fields pick_fields(std::span<const Member> members) {
  Fields fields{};
  for (const Member& member : members) {
    const std::string_view key = member.key.string();
    for (std::size_t i = 0; i < kFieldCount; ++i) {
      if (key == kNames[i]) {
        fields[i] = member.value;
        break;
      }
    }
  }
  return fields;
}

// A list without a name of Python's for it is what the array check complains about.
std::string_view python_type(const Value& value) {
  switch (value.kind) {
    case Kind::kBool: return "bool";
    case Kind::kInt:
    case Kind::kBigInt: return "int";
    case Kind::kFloat: return "float";
    case Kind::kString: return "str";
    default: return "dict";
  }
}

bool validate_tensor(Context& context, const Loc& loc, const Value& value, std::optional<TensorModel>& model) {
  if (value.is_null()) return true;
  if (!value.is_list())
    return context.error(loc, "can not determine the array type: ['builtins']." + std::string(python_type(value)), "type_error");
  TensorOrError made = list_to_tensor(value);
  if (auto* tensor = std::get_if<Tensor>(&made)) {
    model = TensorModel{std::move(*tensor)};
  } else if (auto* error = std::get_if<TensorShapeError>(&made)) {
    return context.error(loc, std::move(error->message), "value_error");
  } else {
    model = TensorModel{{}, false};
  }
  return true;
}

bool validate_location(Context& context, const Loc& loc, Value& value) {
  if (value.is_null()) return true;
  if (!value.is_list()) return context.not_a_list(loc);
  const std::span<const Value> given = list_items(context, value);
  std::vector<Value> items(given.begin(), given.end());
  bool good = true;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const Loc at = loc.at(i);
    const bool item_good = items[i].is_null() ? context.none_not_allowed(at) : coerce_float(context, at, items[i]);
    if (!context.fatal.empty()) return false;
    good = good && item_good;
  }
  value = Value::of_array(context.arena.copy(std::span<const Value>(items)));
  return good;
}

bool validate_score(Context& context, const Loc& loc, Value& value) {
  if (value.is_null()) return context.none_not_allowed(loc);
  std::span<const Member> members;
  if (!as_dict(context, value, members)) return context.not_a_dict(loc);
  if (!has_string_keys(members)) return context.error(loc, "keywords must be strings", "type_error");
  constexpr std::array<std::string_view, 4> kParts = {"value", "op_name", "description", "ref_id"};
  std::array<Value, 4> parts{};
  bool good = true;
  for (std::size_t i = 0; i < kParts.size(); ++i) {
    for (const Member& member : members) {
      if (member.key.string() == kParts[i]) parts[i] = member.value;
    }
    const Loc at = loc.at(kParts[i]);
    good = (i == 0 ? coerce_float(context, at, parts[i]) : coerce_string(context, at, parts[i])) && good;
  }
  value = Value::of_array(context.arena.copy(std::span<const Value>(parts)));
  return good;
}

bool validate_scores(Context& context, const Loc& loc, Value& value) {
  if (value.is_null()) return true;
  std::span<const Member> members;
  if (!as_dict(context, value, members)) return context.not_a_dict(loc);
  std::vector<Member> out;
  bool good = true;
  for (Member member : members) {
    if (!coerce_key(context, loc, member.key) || !validate_score(context, loc.at(member.key.string()), member.value)) good = false;
    if (!context.fatal.empty()) return false;
    out.push_back(member);
  }
  value = Value::of_object(context.arena.copy(std::span<const Member>(out)));
  return good;
}

bool validate_optional_documents(Context& context, const Loc& loc, const Value& value,
                                 std::optional<std::vector<DocumentModel>>& models, int depth) {
  if (value.is_null()) return true;
  return validate_documents(context, loc, value, models.emplace(), depth + 1);
}

}  // namespace

bool validate_document(Context& context, const Loc& loc, const Value& value, DocumentModel& model, int depth) {
  if (depth > kMaxDepth) return context.fail("documents are nested more than 100 levels");
  std::span<const Member> members;
  if (!as_dict(context, value, members)) return context.not_a_dict(loc);
  if (!has_string_keys(members)) return context.error(loc, "keywords must be strings", "type_error");
  for (const Member& member : members) {
    // Python passes the members as keyword arguments, and `self` is taken.
    if (member.key.string() == "self")
      return context.error(loc, "PydanticDocument.__init__() got multiple values for argument 'self'", "type_error");
  }
  Fields fields = pick_fields(members);
  const std::size_t errors_before = context.errors.size();

  const auto string = [&](Field field, Value& to) {
    coerce_string(context, loc.at(kNames[field]), fields[field]);
    to = fields[field];
  };
  const auto integer = [&](Field field, Value& to) {
    coerce_integer(context, loc.at(kNames[field]), fields[field]);
    to = fields[field];
  };
  const auto real = [&](Field field, Value& to) {
    coerce_float(context, loc.at(kNames[field]), fields[field]);
    to = fields[field];
  };
  string(kId, model.id);
  string(kParentId, model.parent_id);
  integer(kGranularity, model.granularity);
  integer(kAdjacency, model.adjacency);
  string(kBlob, model.blob);
  validate_tensor(context, loc.at(kNames[kTensor]), fields[kTensor], model.tensor);
  string(kMimeType, model.mime_type);
  string(kText, model.text);
  real(kWeight, model.weight);
  string(kUri, model.uri);
  coerce_struct(context, loc.at(kNames[kTags]), model.tags = fields[kTags], true);
  real(kOffset, model.offset);
  validate_location(context, loc.at(kNames[kLocation]), model.location = fields[kLocation]);
  validate_tensor(context, loc.at(kNames[kEmbedding]), fields[kEmbedding], model.embedding);
  string(kModality, model.modality);
  validate_scores(context, loc.at(kNames[kEvaluations]), model.evaluations = fields[kEvaluations]);
  validate_scores(context, loc.at(kNames[kScores]), model.scores = fields[kScores]);
  validate_optional_documents(context, loc.at(kNames[kChunks]), fields[kChunks], model.chunks, depth);
  validate_optional_documents(context, loc.at(kNames[kMatches]), fields[kMatches], model.matches, depth);
  if (!context.fatal.empty() || context.errors.size() != errors_before) return false;
  // Python validates this one apart, after the others passed, and names it without the underscore.
  return coerce_struct(context, loc.at("metadata"), model.metadata = fields[kMetadata], false);
}

bool validate_documents(Context& context, const Loc& loc, const Value& value, std::vector<DocumentModel>& models, int depth) {
  if (!value.is_list()) return context.not_a_list(loc);
  const std::span<const Value> items = list_items(context, value);
  models.resize(items.size());
  bool good = true;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const Loc at = loc.at(i);
    const bool item_good =
        items[i].is_null() ? context.none_not_allowed(at) : validate_document(context, at, items[i], models[i], depth);
    if (!context.fatal.empty()) return false;
    good = good && item_good;
  }
  return good;
}

}  // namespace jina::pyjson
