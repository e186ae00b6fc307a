#include "document/document_codec.hpp"
#include "document/document_fields.hpp"
#include "document/struct_codec.hpp"
#include "wire/pb_writer.hpp"

namespace jina {
namespace {

using wire::PbWriter;
using wire::varint_size;

// A message under construction: copied text with large buffers referenced in between. Nested messages are built apart, since
// their length stands in front of them.
class Builder {
 public:
  PbWriter writer() { return PbWriter(text_); }
  std::size_t size() const { return done_.size() + text_.size(); }

  void bytes(std::uint32_t field, const Bytes& value) {
    constexpr std::size_t kReferenceFrom = 2048;
    if (value.size() < kReferenceFrom) return writer().bytes(field, value.view());
    writer().prefix(field, value.size());
    flush();
    done_.append(value);
  }
  void message(std::uint32_t field, Builder&& inner) {
    writer().prefix(field, inner.size());
    if (inner.done_.empty()) {
      text_.append(inner.text_);
      return;
    }
    flush();
    done_.append(std::move(inner).finish());
  }
  Buffer finish() && {
    flush();
    return std::move(done_);
  }

 private:
  void flush() {
    if (!text_.empty()) done_.append(Bytes::take(std::exchange(text_, {})));
  }
  Buffer done_;
  std::string text_;
};

constexpr std::uint32_t number(DocumentField field) { return static_cast<std::uint32_t>(field); }

Builder build_dense(const Tensor& tensor) {
  Builder builder;
  if (!tensor.buffer.empty()) builder.bytes(1, tensor.buffer);
  if (!tensor.shape.empty()) {
    std::size_t size = 0;
    for (const std::uint32_t extent : tensor.shape) size += varint_size(extent);
    builder.writer().prefix(2, size);
    for (const std::uint32_t extent : tensor.shape) builder.writer().raw_varint(extent);
  }
  builder.writer().bytes_if(3, tensor.dtype);
  return builder;
}

Builder build_tensor(const Tensor& tensor) {
  Builder builder;
  if (tensor.is_sparse()) {
    Builder sparse;
    sparse.message(1, build_dense(tensor.sparse->indices));
    sparse.message(2, build_dense(tensor.sparse->values));
    std::size_t size = 0;
    for (const std::uint32_t extent : tensor.sparse->shape) size += varint_size(extent);
    if (size > 0) sparse.writer().prefix(3, size);
    for (const std::uint32_t extent : tensor.sparse->shape) sparse.writer().raw_varint(extent);
    builder.message(2, std::move(sparse));
  } else {
    builder.message(1, build_dense(tensor));
  }
  builder.writer().bytes_if(3, tensor.cls_name);
  if (!tensor.parameters.empty()) builder.writer().bytes(4, tensor.parameters.view());
  return builder;
}

void write_scores(PbWriter writer, DocumentField field, const NamedScores& scores) {
  for (const auto& [name, score] : scores) {
    std::string value;
    PbWriter inner(value);
    if (score.value != 0) inner.fixed32(1, score.value);
    inner.bytes_if(2, score.op_name);
    inner.bytes_if(3, score.description);
    inner.bytes_if(4, score.ref_id);
    std::string entry;
    PbWriter(entry).bytes(1, name);
    PbWriter(entry).bytes(2, value);
    writer.bytes(number(field), entry);
  }
}

Builder build_document(const Document& doc) {
  using F = DocumentField;
  Builder builder;
  builder.writer().bytes_if(number(F::kId), doc.id);
  if (doc.has_blob()) builder.bytes(number(F::kBlob), doc.blob());
  if (doc.has_tensor()) builder.message(number(F::kTensor), build_tensor(doc.tensor()));
  if (doc.has_text()) builder.writer().bytes(number(F::kText), doc.text());
  builder.writer().varint_if(number(F::kGranularity), doc.granularity);
  builder.writer().varint_if(number(F::kAdjacency), doc.adjacency);
  builder.writer().bytes_if(number(F::kParentId), doc.parent_id);
  if (doc.weight != 0) builder.writer().fixed32(number(F::kWeight), doc.weight);
  builder.writer().bytes_if(number(F::kUri), doc.uri);
  builder.writer().bytes_if(number(F::kModality), doc.modality);
  builder.writer().bytes_if(number(F::kMimeType), doc.mime_type);
  if (doc.offset != 0) builder.writer().fixed32(number(F::kOffset), doc.offset);
  if (!doc.location.empty()) {
    builder.writer().prefix(number(F::kLocation), doc.location.size() * sizeof(float));
    for (const float value : doc.location) builder.writer().append_raw(value);
  }
  for (const Document& chunk : doc.chunks) builder.message(number(F::kChunks), build_document(chunk));
  for (const Document& match : doc.matches) builder.message(number(F::kMatches), build_document(match));
  if (doc.embedding) builder.message(number(F::kEmbedding), build_tensor(*doc.embedding));
  if (!doc.tags.empty()) builder.writer().bytes(number(F::kTags), encode_struct(doc.tags));
  write_scores(builder.writer(), F::kScores, doc.scores);
  write_scores(builder.writer(), F::kEvaluations, doc.evaluations);
  if (doc.metadata) builder.writer().bytes(number(F::kMetadata), encode_struct(*doc.metadata));
  if (!doc.unknown_fields.empty()) builder.writer().out().append(doc.unknown_fields.view());
  return builder;
}

}  // namespace

Buffer encode_document(const Document& document) { return build_document(document).finish(); }

Buffer encode_documents(const DocumentArray& docs) {
  Builder array;
  for (const Document& doc : docs) array.message(1, build_document(doc));
  Builder content;
  content.message(1, std::move(array));
  return std::move(content).finish();
}

}  // namespace jina
