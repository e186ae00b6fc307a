#include "document/reduce.hpp"

#include <string>
#include <unordered_map>
#include <utility>

#include "document/normalize.hpp"

namespace jina {
namespace {

// A content is a field of its own per kind, and at most one is set: another kind in the later Document counts as a field that
// the first one lacks, and setting it clears the one that was there.
void fill_content(Document& first, Document& later) {
  if (!later.text().empty() && first.text().empty()) first.set_text(later.text());
  if (!later.blob().empty() && first.blob().empty()) first.set_blob(later.blob());
  if (later.has_tensor() && !first.has_tensor()) first.set_tensor(later.tensor());
}

template <class Container>
void fill(Container& first, Container& later) {
  if (first.empty()) first = std::move(later);
}
template <class Number>
void fill_number(Number& first, Number later) {
  if (first == 0) first = later;
}

void reduce_document(Document& first, Document& later) {
  fill_content(first, later);
  fill_number(first.granularity, later.granularity);
  fill_number(first.adjacency, later.adjacency);
  fill_number(first.weight, later.weight);
  fill_number(first.offset, later.offset);
  fill(first.mime_type, later.mime_type);
  fill(first.uri, later.uri);
  fill(first.modality, later.modality);
  fill(first.location, later.location);
  if (!first.embedding) first.embedding = std::move(later.embedding);
  fill(first.tags, later.tags);
  fill(first.scores, later.scores);
  fill(first.evaluations, later.evaluations);
  if (!first.metadata || first.metadata->empty()) first.metadata = std::move(later.metadata);

  const std::size_t matches = first.matches.size();
  reduce(first.matches, std::move(later.matches));
  for (std::size_t i = matches; i < first.matches.size(); ++i) first.matches[i].adjacency = first.adjacency + 1;
  const std::size_t chunks = first.chunks.size();
  reduce(first.chunks, std::move(later.chunks));
  for (std::size_t i = chunks; i < first.chunks.size(); ++i) {
    first.chunks[i].parent_id = first.id;
    first.chunks[i].granularity = first.granularity + 1;
  }
}

}  // namespace

void reduce(DocumentArray& first, DocumentArray later) {
  if (later.empty()) return;
  // Of Documents with the same id in one array the last one counts, as in docarray's index.
  std::unordered_map<std::string, std::size_t> by_id;
  by_id.reserve(first.size() + later.size());
  for (std::size_t i = 0; i < first.size(); ++i) by_id[first[i].id] = i;
  for (Document& document : later) {
    const auto [entry, is_new] = by_id.try_emplace(document.id, first.size());
    if (is_new) {
      first.push_back(std::move(document));
    } else {
      reduce_document(first[entry->second], document);
    }
  }
}

DocumentArray reduce_all(std::vector<DocumentArray> inputs) {
  DocumentArray all;
  for (DocumentArray& input : inputs) {
    normalize_like_docarray(input);
    if (all.empty()) {
      all = std::move(input);
    } else {
      reduce(all, std::move(input));
    }
  }
  return all;
}

}  // namespace jina
