#include "jina/document.hpp"

#include <algorithm>

#include "base/ids.hpp"

namespace jina {
namespace {
template <class T>
const T& empty() noexcept {
  static const T value;
  return value;
}
}  // namespace

Document::Document() : id(random_id()) {}

Document::Document(DocumentFields fields)
    : id(fields.id.empty() ? random_id() : std::move(fields.id)),
      uri(std::move(fields.uri)),
      mime_type(std::move(fields.mime_type)),
      embedding(std::move(fields.embedding)),
      tags(std::move(fields.tags)) {
  if (fields.text) set_text(std::move(*fields.text));
  if (fields.blob) set_blob(std::move(*fields.blob));
  if (fields.tensor) set_tensor(std::move(*fields.tensor));
}

const std::string& Document::text() const noexcept {
  const auto* text = std::get_if<1>(&content_);
  return text == nullptr ? empty<std::string>() : *text;
}
const Bytes& Document::blob() const noexcept {
  const auto* blob = std::get_if<2>(&content_);
  return blob == nullptr ? empty<Bytes>() : *blob;
}
const Tensor& Document::tensor() const noexcept {
  const auto* tensor = std::get_if<3>(&content_);
  return tensor == nullptr ? empty<Tensor>() : *tensor;
}

bool operator==(const Document& a, const Document& b) {
  return a.id == b.id && a.parent_id == b.parent_id && a.granularity == b.granularity && a.adjacency == b.adjacency &&
         a.weight == b.weight && a.uri == b.uri && a.modality == b.modality && a.mime_type == b.mime_type && a.offset == b.offset &&
         a.location == b.location && a.embedding == b.embedding && a.tags == b.tags && a.scores == b.scores &&
         a.evaluations == b.evaluations && a.chunks == b.chunks && a.matches == b.matches && a.metadata == b.metadata &&
         a.unknown_fields == b.unknown_fields && a.content_ == b.content_;
}

const Document* DocumentArray::find(std::string_view id) const noexcept {
  const auto found = std::find_if(begin(), end(), [&](const Document& document) { return document.id == id; });
  return found == end() ? nullptr : &*found;
}
Document* DocumentArray::find(std::string_view id) noexcept { return const_cast<Document*>(std::as_const(*this).find(id)); }

}  // namespace jina
