#include "document/normalize.hpp"

#include <map>

#include "base/ids.hpp"
#include "document/mime_types.hpp"

namespace jina {
namespace {

void normalize_mime_type(Document& document) {
  if (document.mime_type.empty()) {
    if (!document.uri.empty()) document.mime_type = guess_mime_type(document.uri);
    return;
  }
  if (is_known_mime_type(document.mime_type)) return;
  std::string guess = guess_mime_type("*." + document.mime_type);
  if (!guess.empty()) document.mime_type = std::move(guess);
}

bool has_implied_zeros(const Tensor& tensor) { return !tensor.is_sparse() && tensor.buffer.empty() && !tensor.shape.empty(); }

// Neither bytes nor a shape: Python reads nothing of it.
bool is_blank(const Tensor& tensor) { return !tensor.is_sparse() && tensor.buffer.empty() && tensor.shape.empty(); }

void normalize_content(Document& document) {
  if (document.has_tensor() && is_blank(document.tensor())) document.clear_content();
  if (document.embedding && is_blank(*document.embedding)) document.embedding.reset();
  if ((document.has_text() && document.text().empty()) || (document.has_blob() && document.blob().empty()))
    document.clear_content();
  if (document.has_tensor() && has_implied_zeros(document.tensor())) {
    Tensor zeros = document.tensor();
    zeros.dtype = "<f8";
    document.set_tensor(std::move(zeros));
  }
  if (document.embedding && has_implied_zeros(*document.embedding)) document.embedding->dtype = "<f8";
}

}  // namespace

void normalize_like_docarray(Document& document) {
  if (document.id.empty()) document.id = random_id();
  normalize_content(document);
  normalize_mime_type(document);
  const auto no_value = [](const auto& entry) { return entry.second == NamedScore{}; };
  std::erase_if(document.scores, no_value);
  std::erase_if(document.evaluations, no_value);
  if (document.metadata && document.metadata->empty()) document.metadata.reset();
  for (Document& chunk : document.chunks) {
    normalize_like_docarray(chunk);
    chunk.parent_id = document.id;
    chunk.granularity = document.granularity + 1;
  }
  for (Document& match : document.matches) {
    normalize_like_docarray(match);
    match.adjacency = document.adjacency + 1;
  }
}

void normalize_like_docarray(DocumentArray& documents) {
  for (Document& document : documents) normalize_like_docarray(document);
}

}  // namespace jina
