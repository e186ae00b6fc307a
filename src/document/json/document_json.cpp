#include "document/json/document_json.hpp"

#include <cmath>

#include "base/base64.hpp"
#include "document/json/tensor_json.hpp"

namespace jina::json {
namespace {

class Writer {
 public:
  Writer(std::string& out, Escape escape) : out_(out), escape_(escape) {}

  bool document(const Document& doc) {
    out_ += "{\"id\":";
    append_string(out_, doc.id, escape_);
    text("parent_id", doc.parent_id);
    number("granularity", doc.granularity);
    number("adjacency", doc.adjacency);
    key("blob");
    if (doc.blob().empty()) {
      null();
    } else {
      out_ += '"';
      base64_append(out_, doc.blob().view());
      out_ += '"';
    }
    key("tensor");
    if (!doc.has_tensor()) {
      null();
    } else if (!append_tensor(out_, doc.tensor(), escape_)) {
      return false;
    }
    text("mime_type", doc.mime_type);
    text("text", doc.text());
    if (!decimal("weight", doc.weight)) return false;
    text("uri", doc.uri);
    key("tags");
    if (!object_or_null(doc.tags)) return false;
    if (!decimal("offset", doc.offset)) return false;
    key("location");
    if (!locations(doc.location)) return false;
    key("embedding");
    if (!doc.embedding) {
      null();
    } else if (!append_tensor(out_, *doc.embedding, escape_)) {
      return false;
    }
    text("modality", doc.modality);
    key("evaluations");
    if (!scores(doc.evaluations)) return false;
    key("scores");
    if (!scores(doc.scores)) return false;
    key("chunks");
    if (!list_or_null(doc.chunks)) return false;
    key("matches");
    if (!list_or_null(doc.matches)) return false;
    if (doc.metadata) {
      key("_metadata");
      if (!object_or_null(*doc.metadata)) return false;
    }
    out_ += '}';
    return true;
  }

  bool list(const DocumentArray& docs) {
    out_ += '[';
    bool first = true;
    for (const Document& doc : docs) {
      if (!std::exchange(first, false)) out_ += ',';
      if (!document(doc)) return false;
    }
    out_ += ']';
    return true;
  }

 private:
  void key(std::string_view name) {
    out_ += ",\"";
    out_ += name;
    out_ += "\":";
  }
  void null() { out_ += "null"; }
  void text(std::string_view name, const std::string& value) {
    key(name);
    if (value.empty()) return null();
    append_string(out_, value, escape_);
  }
  void number(std::string_view name, std::uint32_t value) {
    key(name);
    if (value == 0) return null();
    append_integer(out_, value);
  }
  bool decimal(std::string_view name, float value) {
    key(name);
    if (value == 0) {
      null();
      return true;
    }
    append_float(out_, static_cast<double>(value));
    return std::isfinite(value);
  }
  bool locations(const std::vector<float>& values) {
    if (values.empty()) {
      null();
      return true;
    }
    out_ += '[';
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (!std::isfinite(values[i])) return false;
      if (i > 0) out_ += ',';
      append_float(out_, static_cast<double>(values[i]));
    }
    out_ += ']';
    return true;
  }
  bool object_or_null(const boost::json::object& object) {
    if (object.empty()) {
      null();
      return true;
    }
    for (const auto& entry : object)
      if (has_non_finite(entry.value())) return false;
    append_object(out_, object, escape_);
    return true;
  }
  bool scores(const NamedScores& scores) {
    bool first = true;
    for (const auto& [name, score] : scores) {
      if (score == NamedScore{}) continue;  // as in Jina: nothing set, not there
      if (!std::isfinite(score.value)) return false;
      out_ += std::exchange(first, false) ? '{' : ',';
      append_string(out_, name, escape_);
      out_ += ":{\"value\":";
      if (score.value == 0) {
        null();
      } else {
        append_float(out_, static_cast<double>(score.value));
      }
      text("op_name", score.op_name);
      text("description", score.description);
      text("ref_id", score.ref_id);
      out_ += '}';
    }
    if (first) {
      null();
    } else {
      out_ += '}';
    }
    return true;
  }
  bool list_or_null(const DocumentArray& docs) {
    if (!docs.empty()) return list(docs);
    null();
    return true;
  }

  std::string& out_;
  Escape escape_;
};

}  // namespace

bool append_document(std::string& out, const Document& document, Escape escape) { return Writer(out, escape).document(document); }
bool append_documents(std::string& out, const DocumentArray& documents, Escape escape) { return Writer(out, escape).list(documents); }

}  // namespace jina::json
