#include "base/utf8.hpp"
#include "document/document_codec.hpp"
#include "document/document_fields.hpp"
#include "document/struct_codec.hpp"
#include "wire/pb_reader.hpp"

namespace jina {
namespace {

using wire::PbReader;
using wire::WireType;

constexpr int kMaxDepth = PbReader::kMaxDepth;

// Decodes within one contiguous block; slices of it become blobs and tensor buffers.
class Decoder {
 public:
  explicit Decoder(const Bytes& source) : source_(source) {}

  bool array(std::string_view encoded, DocumentArray& docs, int depth) {
    PbReader reader(encoded);
    while (reader.next())
      if (reader.is(1, WireType::kLengthDelimited) && !document(reader.bytes(), docs.emplace_back(Document::blank()), depth))
        return false;
    return !reader.failed();
  }

  bool document(std::string_view encoded, Document& doc, int depth) {
    if (depth > kMaxDepth) return false;
    PbReader reader(encoded);
    std::string unknown;
    while (reader.next())
      if (!field(reader, doc, depth, unknown)) return false;
    if (!unknown.empty()) doc.unknown_fields = Bytes::copy_of(unknown);
    return !reader.failed();
  }

  Bytes slice(std::string_view part) const {
    return part.empty() ? Bytes{} : source_.slice(static_cast<std::size_t>(part.data() - source_.data()), part.size());
  }

 private:
  // proto3 strings are UTF-8, protobuf refuses others.
  static bool text(std::string_view bytes, std::string& out) {
    out = bytes;
    return is_utf8(bytes);
  }

  bool field(PbReader& reader, Document& doc, int depth, std::string& unknown) {
    using F = DocumentField;
    if (reader.type() == WireType::kLengthDelimited) {
      const std::string_view bytes = reader.bytes();
      switch (static_cast<F>(reader.field())) {
        case F::kId: return text(bytes, doc.id);
        case F::kBlob: doc.set_blob(slice(bytes)); return true;
        case F::kTensor: {
          Tensor decoded = doc.tensor();
          if (!tensor(bytes, decoded)) return false;
          doc.set_tensor(std::move(decoded));
          return true;
        }
        case F::kText:
          if (!is_utf8(bytes)) return false;
          doc.set_text(std::string(bytes));
          return true;
        case F::kParentId: return text(bytes, doc.parent_id);
        case F::kUri: return text(bytes, doc.uri);
        case F::kModality: return text(bytes, doc.modality);
        case F::kMimeType: return text(bytes, doc.mime_type);
        case F::kLocation:
          for (std::size_t at = 0; at + sizeof(float) <= bytes.size(); at += sizeof(float)) {
            float value = 0;
            std::memcpy(&value, bytes.data() + at, sizeof(float));
            doc.location.push_back(value);
          }
          return bytes.size() % sizeof(float) == 0;
        case F::kChunks: return document(bytes, doc.chunks.emplace_back(Document::blank()), depth + 1);
        case F::kMatches: return document(bytes, doc.matches.emplace_back(Document::blank()), depth + 1);
        case F::kEmbedding:
          if (!doc.embedding) doc.embedding.emplace();
          return tensor(bytes, *doc.embedding);
        case F::kTags: return merge_struct(bytes, doc.tags);
        case F::kScores: return score(bytes, doc.scores);
        case F::kEvaluations: return score(bytes, doc.evaluations);
        case F::kMetadata:
          if (!doc.metadata) doc.metadata.emplace();
          return merge_struct(bytes, *doc.metadata);
        default: break;
      }
    }
    if (reader.is(static_cast<std::uint32_t>(F::kGranularity), WireType::kVarint)) {
      doc.granularity = static_cast<std::uint32_t>(reader.varint());
    } else if (reader.is(static_cast<std::uint32_t>(F::kAdjacency), WireType::kVarint)) {
      doc.adjacency = static_cast<std::uint32_t>(reader.varint());
    } else if (reader.is(static_cast<std::uint32_t>(F::kWeight), WireType::kFixed32)) {
      doc.weight = reader.fixed32();
    } else if (reader.is(static_cast<std::uint32_t>(F::kOffset), WireType::kFixed32)) {
      doc.offset = reader.fixed32();
    } else if (reader.is(static_cast<std::uint32_t>(F::kLocation), WireType::kFixed32)) {
      doc.location.push_back(reader.fixed32());
    } else {
      unknown.append(reader.raw());
    }
    return true;
  }

  static bool merge_struct(std::string_view bytes, boost::json::object& object) {
    Result<boost::json::object> decoded = decode_struct(bytes);
    if (!decoded) return false;
    if (object.empty()) {
      object = std::move(*decoded);
    } else {
      for (auto& entry : *decoded) object[entry.key()] = std::move(entry.value());
    }
    return true;
  }

  static bool score(std::string_view bytes, NamedScores& scores) {
    PbReader entry(bytes);
    std::string_view key;
    NamedScore value;
    while (entry.next()) {
      if (entry.is(1, WireType::kLengthDelimited)) key = entry.bytes();
      if (!entry.is(2, WireType::kLengthDelimited)) continue;
      PbReader reader(entry.bytes());
      while (reader.next()) {
        if (reader.is(1, WireType::kFixed32)) value.value = reader.fixed32();
        if (reader.is(2, WireType::kLengthDelimited) && !text(reader.bytes(), value.op_name)) return false;
        if (reader.is(3, WireType::kLengthDelimited) && !text(reader.bytes(), value.description)) return false;
        if (reader.is(4, WireType::kLengthDelimited) && !text(reader.bytes(), value.ref_id)) return false;
      }
      if (reader.failed()) return false;
    }
    if (entry.failed() || !is_utf8(key)) return false;
    scores[std::string(key)] = std::move(value);
    return true;
  }

  static bool shape(PbReader& reader, std::vector<std::uint32_t>& out) {
    if (reader.type() == WireType::kVarint) {
      out.push_back(static_cast<std::uint32_t>(reader.varint()));
      return true;
    }
    if (reader.type() != WireType::kLengthDelimited) return true;  // unknown
    const char* at = reader.bytes().data();
    const char* end = at + reader.bytes().size();
    while (at != end) {
      std::uint64_t extent = 0;
      at = PbReader::read_varint(at, end, extent);
      if (at == nullptr) return false;
      out.push_back(static_cast<std::uint32_t>(extent));
    }
    return true;
  }

  bool dense(std::string_view bytes, Tensor& out) const {
    PbReader reader(bytes);
    while (reader.next()) {
      if (reader.is(1, WireType::kLengthDelimited)) out.buffer = slice(reader.bytes());
      if (reader.field() == 2 && !shape(reader, out.shape)) return false;
      if (reader.is(3, WireType::kLengthDelimited) && !text(reader.bytes(), out.dtype)) return false;
    }
    return !reader.failed();
  }

  bool tensor(std::string_view bytes, Tensor& out) const {
    out.cls_name.clear();
    PbReader reader(bytes);
    while (reader.next()) {
      if (reader.is(1, WireType::kLengthDelimited)) {
        out.sparse = nullptr;
        if (!dense(reader.bytes(), out)) return false;
      } else if (reader.is(2, WireType::kLengthDelimited)) {
        auto sparse = std::make_shared<SparseTensor>();
        PbReader parts(reader.bytes());
        while (parts.next()) {
          if (parts.is(1, WireType::kLengthDelimited) && !dense(parts.bytes(), sparse->indices)) return false;
          if (parts.is(2, WireType::kLengthDelimited) && !dense(parts.bytes(), sparse->values)) return false;
          if (parts.field() == 3 && !shape(parts, sparse->shape)) return false;
        }
        if (parts.failed()) return false;
        out.shape = sparse->shape;
        out.dtype = sparse->values.dtype;
        out.sparse = std::move(sparse);
      } else if (reader.is(3, WireType::kLengthDelimited)) {
        if (!text(reader.bytes(), out.cls_name)) return false;
      } else if (reader.is(4, WireType::kLengthDelimited)) {
        out.parameters = slice(reader.bytes());
      }
    }
    return !reader.failed();
  }

  const Bytes& source_;
};

Status malformed(const char* what) {
  return {StatusCode::kInvalidArgument,
          std::string("not a ") + what + ": malformed field, text that is not UTF-8, or nested more than 100 levels"};
}

}  // namespace

Result<DataContent> decode_content(const Buffer& content) {
  const Bytes bytes = content.flatten();
  Decoder decoder(bytes);
  DataContent result;
  PbReader reader(bytes.view());
  while (reader.next()) {
    if (reader.is(1, WireType::kLengthDelimited)) {
      result.docs_bytes.reset();
      if (!result.docs) result.docs.emplace();
      if (!decoder.array(reader.bytes(), *result.docs, 0)) return malformed("DocumentArrayProto");
    } else if (reader.is(2, WireType::kLengthDelimited)) {
      result.docs.reset();
      result.docs_bytes = decoder.slice(reader.bytes());
    }
  }
  if (reader.failed()) return malformed("DataContentProto");
  return result;
}

Result<DocumentArray> decode_documents(const Buffer& content) {
  Result<DataContent> decoded = decode_content(content);
  if (!decoded) return std::move(decoded).error();
  return decoded->docs ? std::move(*decoded->docs) : DocumentArray{};
}

Result<Document> decode_document(const Bytes& encoded) {
  Document document = Document::blank();
  if (!Decoder(encoded).document(encoded.view(), document, 0)) return malformed("DocumentProto");
  return document;
}

}  // namespace jina
