#include "document/lookup_value.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace jina {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 22> kFields = {
    "id",        "parent_id",    "granularity", "adjacency",   "blob",   "tensor",    "mime_type", "text",
    "content",   "content_type", "weight",      "uri",         "tags",   "_metadata", "offset",    "location",
    "embedding", "modality",     "scores",      "evaluations", "chunks", "matches"};

std::optional<std::int64_t> as_index(std::string_view part) noexcept {
  std::int64_t index = 0;
  const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), index);
  if (error != std::errc() || end != part.data() + part.size()) return std::nullopt;
  return index;
}

std::optional<std::size_t> in_range(std::int64_t index, std::size_t size) noexcept {
  if (index < 0) index += static_cast<std::int64_t>(size);
  if (index < 0 || static_cast<std::uint64_t>(index) >= size) return std::nullopt;
  return static_cast<std::size_t>(index);
}

// len() of what a LookupValue holds.
struct Size {
  std::optional<std::size_t> operator()(std::monostate) const noexcept { return std::nullopt; }
  std::optional<std::size_t> operator()(bool) const noexcept { return std::nullopt; }
  std::optional<std::size_t> operator()(double) const noexcept { return std::nullopt; }
  std::optional<std::size_t> operator()(std::string_view text) const noexcept {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
  }
  std::optional<std::size_t> operator()(const Tensor* tensor) const noexcept {
    if (tensor->shape.empty()) return std::nullopt;
    return tensor->shape.front();
  }
  std::optional<std::size_t> operator()(const Document*) const noexcept { return std::nullopt; }
  std::optional<std::size_t> operator()(const NamedScore*) const noexcept { return std::nullopt; }
  std::optional<std::size_t> operator()(const auto* container) const noexcept { return container->size(); }
};

bool equal_json(const json::value& a, const json::value& b) noexcept { return LookupValue(a) == LookupValue(b); }

bool equal_objects(const json::object& a, const json::object& b) noexcept {
  if (a.size() != b.size()) return false;
  return std::all_of(a.begin(), a.end(), [&](const auto& entry) {
    const json::value* other = b.if_contains(entry.key());
    return other != nullptr && equal_json(entry.value(), *other);
  });
}

}  // namespace

bool is_document_field(std::string_view name) noexcept { return std::find(kFields.begin(), kFields.end(), name) != kFields.end(); }

std::vector<std::string> split_lookup_path(std::string_view path) {
  std::vector<std::string> parts;
  while (true) {
    const std::size_t at = path.find("__");
    parts.emplace_back(path.substr(0, at));
    if (at == std::string_view::npos || at + 2 == path.size()) return parts;
    path.remove_prefix(at + 2);
  }
}

LookupValue::LookupValue(const json::value& value) {
  switch (value.kind()) {
    case json::kind::null: break;
    case json::kind::bool_: value_ = value.get_bool(); break;
    case json::kind::int64: value_ = static_cast<double>(value.get_int64()); break;
    case json::kind::uint64: value_ = static_cast<double>(value.get_uint64()); break;
    case json::kind::double_: value_ = value.get_double(); break;
    case json::kind::string: value_ = std::string_view(value.get_string()); break;
    case json::kind::array: value_ = &value.get_array(); break;
    case json::kind::object: value_ = &value.get_object(); break;
  }
}

LookupValue LookupValue::field_of(const Document& doc, std::string_view name) {
  const auto text = [](const std::string& value) { return LookupValue(std::in_place, std::string_view(value)); };
  const auto number = [](double value) { return LookupValue(std::in_place, value); };
  const auto always_set = [](LookupValue value) {
    value.keeps_default_ = true;
    return value;
  };
  if (name == "id") return always_set(text(doc.id));
  if (name == "parent_id") return text(doc.parent_id);
  if (name == "text") return text(doc.text());
  if (name == "uri") return text(doc.uri);
  if (name == "mime_type") return text(doc.mime_type);
  if (name == "modality") return text(doc.modality);
  if (name == "granularity") return number(doc.granularity);
  if (name == "adjacency") return number(doc.adjacency);
  if (name == "weight") return number(static_cast<double>(doc.weight));
  if (name == "offset") return number(static_cast<double>(doc.offset));
  if (name == "tags") return LookupValue(std::in_place, &doc.tags);
  if (name == "_metadata") return doc.metadata ? LookupValue(std::in_place, &*doc.metadata) : LookupValue();
  if (name == "location") return LookupValue(std::in_place, &doc.location);
  if (name == "scores") return LookupValue(std::in_place, &doc.scores);
  if (name == "evaluations") return LookupValue(std::in_place, &doc.evaluations);
  if (name == "chunks") return LookupValue(std::in_place, static_cast<const DocumentArray*>(&doc.chunks));
  if (name == "matches") return LookupValue(std::in_place, static_cast<const DocumentArray*>(&doc.matches));
  if (name == "blob") return LookupValue(std::in_place, &doc.blob());
  if (name == "embedding") return doc.embedding ? LookupValue(std::in_place, &*doc.embedding) : LookupValue();
  if (name == "tensor" || (name == "content" && doc.has_tensor()))
    return doc.has_tensor() ? LookupValue(std::in_place, &doc.tensor()) : LookupValue();
  // `content` and `content_type` follow the content that is set; an empty text or blob is none.
  if (name == "content") {
    if (!doc.text().empty()) return always_set(text(doc.text()));
    return doc.blob().empty() ? LookupValue() : always_set(LookupValue(std::in_place, &doc.blob()));
  }
  if (name == "content_type") {
    const std::string_view type = !doc.text().empty() ? "text" : doc.has_tensor() ? "tensor" : !doc.blob().empty() ? "blob" : "";
    return type.empty() ? LookupValue() : LookupValue(std::in_place, type);
  }
  return {};
}

LookupValue LookupValue::element(std::int64_t index) const {
  if (const auto* array = std::get_if<Array>(&value_)) {
    const auto at = in_range(index, (*array)->size());
    return at ? LookupValue((**array)[*at]) : LookupValue();
  }
  if (const auto* floats = std::get_if<const std::vector<float>*>(&value_)) {
    const auto at = in_range(index, (*floats)->size());
    return at ? LookupValue(std::in_place, static_cast<double>((**floats)[*at])) : LookupValue();
  }
  if (const auto* documents = std::get_if<const DocumentArray*>(&value_)) {
    const auto at = in_range(index, (*documents)->size());
    return at ? LookupValue(std::in_place, static_cast<const Document*>(&(**documents)[*at])) : LookupValue();
  }
  return {};
}

LookupValue LookupValue::step(std::string_view part) const {
  if (const auto* object = std::get_if<Object>(&value_)) {
    const json::value* value = (*object)->if_contains(part);
    return value != nullptr ? LookupValue(*value) : LookupValue();
  }
  if (const auto* document = std::get_if<const Document*>(&value_)) return field_of(**document, part);
  if (const auto* scores = std::get_if<const NamedScores*>(&value_)) {
    const auto found = (*scores)->find(part);
    return found != (*scores)->end() ? LookupValue(std::in_place, &found->second) : LookupValue();
  }
  if (const auto* score = std::get_if<const NamedScore*>(&value_)) {
    if (part == "value") return LookupValue(std::in_place, static_cast<double>((*score)->value));
    if (part == "op_name") return LookupValue(std::in_place, std::string_view((*score)->op_name));
    if (part == "description") return LookupValue(std::in_place, std::string_view((*score)->description));
    if (part == "ref_id") return LookupValue(std::in_place, std::string_view((*score)->ref_id));
    return {};
  }
  if (const auto index = as_index(part)) return element(*index);
  if (const auto* documents = std::get_if<const DocumentArray*>(&value_)) {
    const Document* found = (*documents)->find(part);
    return found != nullptr ? LookupValue(std::in_place, found) : LookupValue();
  }
  return {};
}

LookupValue LookupValue::find(const Document& document, const std::vector<std::string>& path) {
  LookupValue value = field_of(document, path.front());
  for (std::size_t i = 1; i < path.size() && !value.is_nothing(); ++i) value = value.step(path[i]);
  return value;
}

std::optional<double> LookupValue::number() const noexcept {
  if (const auto* value = std::get_if<double>(&value_)) return *value;
  if (const auto* value = std::get_if<bool>(&value_)) return *value ? 1 : 0;
  return std::nullopt;
}

std::optional<std::string_view> LookupValue::string() const noexcept {
  if (const auto* value = std::get_if<std::string_view>(&value_)) return *value;
  return std::nullopt;
}

std::optional<std::size_t> LookupValue::size() const noexcept { return std::visit(Size{}, value_); }

bool LookupValue::is_set() const noexcept {
  if (is_nothing()) return false;
  if (keeps_default_ || std::holds_alternative<const Tensor*>(value_)) return true;
  if (const auto value = number()) return *value != 0;
  const auto length = size();
  return !length || *length != 0;
}

bool operator==(const LookupValue& a, const LookupValue& b) noexcept {
  if (a.is_nothing() || b.is_nothing()) return a.is_nothing() && b.is_nothing();
  if (const auto left = a.number()) return left == b.number();
  if (const auto left = a.string()) return left == b.string();
  using Object = LookupValue::Object;
  using Array = LookupValue::Array;
  if (const auto* left = std::get_if<Object>(&a.value_)) {
    const auto* right = std::get_if<Object>(&b.value_);
    return right != nullptr && equal_objects(**left, **right);
  }
  // A location is a list of numbers to Python.
  const auto length = a.size();
  const auto is_list = [](const LookupValue& value) {
    return std::holds_alternative<Array>(value.value_) || std::holds_alternative<const std::vector<float>*>(value.value_);
  };
  if (is_list(a) && is_list(b)) {
    if (length != b.size()) return false;
    for (std::size_t i = 0; i < *length; ++i)
      if (!(a.element(static_cast<std::int64_t>(i)) == b.element(static_cast<std::int64_t>(i)))) return false;
    return true;
  }
  if (const auto* left = std::get_if<const Bytes*>(&a.value_)) {
    const auto* right = std::get_if<const Bytes*>(&b.value_);
    return right != nullptr && **left == **right;
  }
  if (const auto* left = std::get_if<const Tensor*>(&a.value_)) {
    const auto* right = std::get_if<const Tensor*>(&b.value_);
    return right != nullptr && **left == **right;
  }
  return false;
}

std::optional<int> LookupValue::compare(const LookupValue& a, const LookupValue& b) noexcept {
  const auto sign = [](const auto& left, const auto& right) { return left < right ? -1 : right < left ? 1 : 0; };
  const auto left_number = a.number();
  const auto right_number = b.number();
  if (left_number && right_number) {
    if (*left_number != *left_number || *right_number != *right_number) return std::nullopt;  // NaN
    return sign(*left_number, *right_number);
  }
  const auto left_text = a.string();
  const auto right_text = b.string();
  // Bytes of UTF-8 sort as code points do.
  if (left_text && right_text) return sign(*left_text, *right_text);
  return std::nullopt;
}

bool LookupValue::contains(const LookupValue& item) const noexcept {
  if (const auto text = string()) {
    const auto part = item.string();
    return part && text->find(*part) != std::string_view::npos;
  }
  if (const auto* object = std::get_if<Object>(&value_)) {
    const auto key = item.string();
    return key && (*object)->contains(*key);
  }
  const auto length = size();
  if (!length) return false;
  for (std::size_t i = 0; i < *length; ++i)
    if (element(static_cast<std::int64_t>(i)) == item) return true;
  return false;
}

}  // namespace jina
