#include "document/json/document_reader.hpp"

#include <cmath>

#include "base/base64.hpp"
#include "base/ids.hpp"
#include "document/json/fields.hpp"
#include "document/json/tensor_reader.hpp"

namespace jina::json {
namespace {

using simdjson::dom::element;

constexpr int kMostDepth = 64;

// Collects the fields of one object; the three kinds of content are settled at the end, since their order in the text does not matter.
class DocumentReader {
 public:
  DocumentReader(Validation& validation, int depth) : validation_(validation), depth_(depth) {}

  Document read(element value) {
    if (!value.is_object()) {
      validation_.add("value is not a valid dict", "type_error.dict");
      return doc_;
    }
    for (const auto field : value.get_object()) {
      const Enter enter(validation_, std::string(field.key));
      this->field(field.key, field.value);
    }
    if (doc_.id.empty()) doc_.id = random_id();
    if (tensor_) doc_.set_tensor(std::move(*tensor_));
    else if (blob_) doc_.set_blob(std::move(*blob_));
    else if (text_) doc_.set_text(std::move(*text_));
    for (Document& chunk : doc_.chunks) {
      chunk.parent_id = doc_.id;
      chunk.granularity = doc_.granularity + 1;
    }
    for (Document& match : doc_.matches) match.adjacency = doc_.adjacency + 1;
    return std::move(doc_);
  }

 private:
  void field(std::string_view name, element value) {
    if (name == "id") text(doc_.id, value);
    else if (name == "parent_id") text(doc_.parent_id, value);
    else if (name == "granularity") doc_.granularity = read_unsigned(value, validation_).value_or(0);
    else if (name == "adjacency") doc_.adjacency = read_unsigned(value, validation_).value_or(0);
    else if (name == "blob") blob(value);
    else if (name == "tensor") tensor_ = tensor(value);
    else if (name == "mime_type") text(doc_.mime_type, value);
    else if (name == "text") text_ = read_text(value, validation_);
    else if (name == "weight") doc_.weight = read_float(value, validation_).value_or(0);
    else if (name == "uri") text(doc_.uri, value);
    else if (name == "tags") doc_.tags = read_object(value, validation_).value_or(boost::json::object{});
    else if (name == "offset") doc_.offset = read_float(value, validation_).value_or(0);
    else if (name == "location") location(value);
    else if (name == "embedding") doc_.embedding = tensor(value);
    else if (name == "modality") text(doc_.modality, value);
    else if (name == "evaluations") scores(doc_.evaluations, value);
    else if (name == "scores") scores(doc_.scores, value);
    else if (name == "chunks") documents(doc_.chunks, value);
    else if (name == "matches") documents(doc_.matches, value);
    else if (name == "_metadata") metadata(value);
  }

  void text(std::string& to, element value) { to = read_text(value, validation_).value_or(""); }

  void blob(element value) {
    const std::optional<std::string> encoded = read_text(value, validation_);
    if (!encoded) return;
    std::optional<std::string> decoded = base64_decode_lenient(*encoded);
    if (!decoded) return validation_.give_up("a blob is no base64: its padding is wrong");
    blob_ = Bytes::take(std::move(*decoded));
  }

  std::optional<Tensor> tensor(element value) {
    if (value.is_null()) return std::nullopt;
    return read_tensor(value, validation_);
  }

  void location(element value) {
    if (value.is_null()) return;
    if (!value.is_array()) return validation_.add("value is not a valid list", "type_error.list");
    std::size_t index = 0;
    for (const element item : value.get_array()) {
      const Enter enter(validation_, index++);
      if (item.is_null()) validation_.add("none is not an allowed value", "type_error.none.not_allowed");
      doc_.location.push_back(read_float(item, validation_).value_or(0));
    }
  }

  void scores(NamedScores& to, element value) {
    if (value.is_null()) return;
    if (!value.is_object()) return validation_.add("value is not a valid dict", "type_error.dict");
    for (const auto entry : value.get_object()) {
      const Enter enter(validation_, std::string(entry.key));
      if (!entry.value.is_object()) {
        validation_.add("value is not a valid dict", "type_error.dict");
        continue;
      }
      NamedScore score;
      for (const auto field : entry.value.get_object()) {
        const Enter inner(validation_, std::string(field.key));
        if (field.key == "value") score.value = read_float(field.value, validation_).value_or(0);
        else if (field.key == "op_name") text(score.op_name, field.value);
        else if (field.key == "description") text(score.description, field.value);
        else if (field.key == "ref_id") text(score.ref_id, field.value);
      }
      to[std::string(entry.key)] = std::move(score);
    }
  }

  void documents(DocumentArray& to, element value) {
    if (value.is_null()) return;
    if (depth_ >= kMostDepth) return validation_.give_up("Documents are nested more than 64 levels");
    if (!value.is_array()) return validation_.add("value is not a valid list", "type_error.list");
    std::size_t index = 0;
    for (const element item : value.get_array()) {
      const Enter enter(validation_, index++);
      to.push_back(DocumentReader(validation_, depth_ + 1).read(item));
    }
  }

  // Jina turns 1 and 0 into bools here.
  void metadata(element value) {
    std::optional<boost::json::object> object = read_object(value, validation_);
    if (!object || object->empty()) return;
    for (auto& entry : *object) {
      const boost::json::value& item = entry.value();
      if (item.is_int64() && (item.get_int64() == 0 || item.get_int64() == 1)) entry.value() = item.get_int64() == 1;
    }
    doc_.metadata = std::move(*object);
  }

  Validation& validation_;
  int depth_;
  Document doc_ = Document::blank();
  std::optional<std::string> text_;
  std::optional<Bytes> blob_;
  std::optional<Tensor> tensor_;
};

}  // namespace

Document read_document(element value, Validation& validation) { return DocumentReader(validation, 0).read(value); }

DocumentArray read_documents(element value, Validation& validation) {
  DocumentArray docs;
  const simdjson::dom::array list = value.get_array();
  docs.reserve(list.size());
  std::size_t index = 0;
  for (const element item : list) {
    const Enter enter(validation, index++);
    docs.push_back(read_document(item, validation));
  }
  return docs;
}

}  // namespace jina::json
