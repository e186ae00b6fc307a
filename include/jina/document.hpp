// Document: the piece of data that travels through a Flow (docarray v1's Document; wire: docarray.DocumentProto).
//
// A regular value: copy it, move it, compare it, put it into containers. At most one of text, blob and tensor is set, as on the
// wire; setting one clears the others. Fields unknown to this version are kept and written back.
//
// Thread: plain value; distinct objects may be used by different threads. Lifetime: owns its fields; blobs and tensors share
// the memory of the message they came in. Cancellation: none.
#pragma once
#include <boost/json/object.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "jina/bytes.hpp"
#include "jina/tensor.hpp"

namespace jina {

/// A score or an evaluation (wire: NamedScoreProto).
struct NamedScore {
  float value = 0;
  std::string op_name{};
  std::string description{};
  std::string ref_id{};
  friend bool operator==(const NamedScore&, const NamedScore&) = default;
};
using NamedScores = std::map<std::string, NamedScore, std::less<>>;

class Document;

/// The Documents of a request, in order. Ids are expected to be unique within one array; find() returns the first.
class DocumentArray : public std::vector<Document> {
 public:
  using std::vector<Document>::vector;
  Document* find(std::string_view id) noexcept;
  const Document* find(std::string_view id) const noexcept;
};

/// What a Document can be made of in one expression: `Document{{.text = "hello"}}`. An empty id becomes 32 random hex digits.
struct DocumentFields {
  std::string id{};
  std::optional<std::string> text{};
  std::optional<Bytes> blob{};
  std::optional<Tensor> tensor{};
  std::optional<Tensor> embedding{};
  std::string uri{};
  std::string mime_type{};
  boost::json::object tags{};
};

class Document {
 public:
  /// An empty Document with a new random id.
  Document();
  Document(DocumentFields fields);  // NOLINT(google-explicit-constructor): Document{{.text = "hello"}} is the point
  /// No id and no field set; what decoders start from.
  static Document blank() { return Document(Blank{}); }

  std::string id;                 ///< unique within a request; 32 hex digits by default
  std::string parent_id;          ///< of chunks: the id of the Document they belong to
  std::uint32_t granularity = 0;  ///< depth in chunks
  std::uint32_t adjacency = 0;    ///< depth in matches
  float weight = 0;
  std::string uri;
  std::string modality;
  std::string mime_type;
  float offset = 0;
  std::vector<float> location;
  std::optional<Tensor> embedding;
  boost::json::object tags;  ///< numbers become doubles on the wire (google.protobuf.Struct)
  NamedScores scores;
  NamedScores evaluations;
  DocumentArray chunks;
  DocumentArray matches;
  std::optional<boost::json::object> metadata;  ///< `_metadata` on the wire
  Bytes unknown_fields;                         ///< encoded fields that this version does not know

  bool has_text() const noexcept { return content_.index() == 1; }
  bool has_blob() const noexcept { return content_.index() == 2; }
  bool has_tensor() const noexcept { return content_.index() == 3; }
  bool has_content() const noexcept { return content_.index() != 0; }
  /// The text, or "" when the content is another kind.
  const std::string& text() const noexcept;
  /// The blob, or an empty one when the content is another kind.
  const Bytes& blob() const noexcept;
  /// The tensor, or an empty one (rank 0, no dtype) when the content is another kind.
  const Tensor& tensor() const noexcept;
  void set_text(std::string text) { content_.emplace<1>(std::move(text)); }
  void set_blob(Bytes blob) { content_.emplace<2>(std::move(blob)); }
  void set_tensor(Tensor tensor) { content_.emplace<3>(std::move(tensor)); }
  void clear_content() noexcept { content_.emplace<0>(); }

  friend bool operator==(const Document& a, const Document& b);

 private:
  struct Blank {};
  explicit Document(Blank) {}

  std::variant<std::monostate, std::string, Bytes, Tensor> content_;
};

}  // namespace jina
