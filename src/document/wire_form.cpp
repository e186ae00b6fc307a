#include "document/wire_form.hpp"

#include <string>

#include "base/utf8.hpp"
#include "wire/pb_reader.hpp"

namespace jina {
namespace {

namespace json = boost::json;

constexpr int kMaxDepth = wire::PbReader::kMaxDepth;

// Walks a JSON value; false when a text is not UTF-8 or it is nested too deep.
class Values {
 public:
  explicit Values(bool check) : check_(check) {}

  bool object(json::object& object, int depth) const {
    if (depth > kMaxDepth) return false;
    for (auto& entry : object)
      if (!text(entry.key()) || !value(entry.value(), depth + 1)) return false;
    return true;
  }

 private:
  bool text(json::string_view text) const { return !check_ || is_utf8({text.data(), text.size()}); }

  bool value(json::value& value, int depth) const {
    switch (value.kind()) {
      case json::kind::int64: value = static_cast<double>(value.get_int64()); return true;
      case json::kind::uint64: value = static_cast<double>(value.get_uint64()); return true;
      case json::kind::string: return text(value.get_string());
      case json::kind::object: return object(value.get_object(), depth);
      case json::kind::array:
        if (depth > kMaxDepth) return false;
        for (json::value& item : value.get_array())
          if (!this->value(item, depth + 1)) return false;
        return true;
      default: return true;
    }
  }

  bool check_;
};

void numbers(DocumentArray& documents) {
  const Values values(false);
  for (Document& document : documents) {
    if (!document.tags.empty()) values.object(document.tags, 0);
    if (document.metadata) values.object(*document.metadata, 0);
    numbers(document.chunks);
    numbers(document.matches);
  }
}

// The name of the field that is wrong, or null.
class Checker {
 public:
  const char* document(Document& document, int depth) const {
    if (depth > kMaxDepth) return "chunks or matches, nested more than 100 levels";
    if (!is_utf8(document.id)) return "id";
    if (document.has_text() && !is_utf8(document.text())) return "text";
    if (!is_utf8(document.parent_id)) return "parent_id";
    if (!is_utf8(document.uri)) return "uri";
    if (!is_utf8(document.modality)) return "modality";
    if (!is_utf8(document.mime_type)) return "mime_type";
    if (!scores(document.scores)) return "scores";
    if (!scores(document.evaluations)) return "evaluations";
    const Values values(true);
    if (!document.tags.empty() && !values.object(document.tags, 0)) return "tags";
    if (document.metadata && !values.object(*document.metadata, 0)) return "_metadata";
    if (document.has_tensor() && document.tensor().is_sparse()) {
      Tensor tensor = document.tensor();
      sparse(tensor);
      document.set_tensor(std::move(tensor));
    }
    if (document.embedding && document.embedding->is_sparse()) sparse(*document.embedding);
    for (DocumentArray* children : {&document.chunks, &document.matches})
      for (Document& child : *children)
        if (const char* wrong = this->document(child, depth + 1)) return wrong;
    return nullptr;
  }

 private:
  static bool scores(const NamedScores& scores) {
    for (const auto& [name, score] : scores)
      if (!is_utf8(name) || !is_utf8(score.op_name) || !is_utf8(score.description) || !is_utf8(score.ref_id)) return false;
    return true;
  }
  static void sparse(Tensor& tensor) {
    tensor.shape = tensor.sparse->shape;
    tensor.dtype = tensor.sparse->values.dtype;
  }
};

}  // namespace

void numbers_as_on_wire(DocumentArray& documents) { numbers(documents); }

Status bring_into_wire_form(DocumentArray& documents) {
  const Checker checker;
  for (std::size_t at = 0; at < documents.size(); ++at)
    if (const char* wrong = checker.document(documents[at], 0))
      return {StatusCode::kInvalidArgument, "Document " + std::to_string(at) + ": " + wrong +
                                                ": text that is not UTF-8, or nested more than 100 levels, can not be sent"};
  return {};
}

}  // namespace jina
