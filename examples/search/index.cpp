// Index: keeps Documents with their embeddings, in memory and on disk, and finds those that are closest to a query.
//   /index    Documents with an embedding are stored; one with a known id takes its place. `source` among the parameters: what was
//             stored with that tags.source and is not in this request goes.
//   /search   each Document gets `matches`, the best first, with scores.cosine; parameters: top_k (10)
//   /delete   the Documents with these ids go
//   /status   parameters.__results__: how many there are
#include <jina/document_file.hpp>
#include <jina/executor.hpp>
#include <jina/module.hpp>

#include <functional>
#include <optional>
#include <stdexcept>
#include <unordered_map>
#include <unordered_set>

#include "vectors.hpp"

class Index : public jina::Executor {
 public:
  void setup(jina::Endpoints& on) override {
    on.add("/index", &Index::index).add("/search", &Index::search).add("/delete", &Index::remove).add("/status", &Index::status);
    file_.emplace(workspace() / "index.bin");
    for (jina::Document& doc : file_->load()) store(std::move(doc));
  }

  void index(jina::DocumentArray& docs, const jina::Parameters& parameters) {
    std::unordered_set<std::string> kept;
    jina::DocumentArray changed;
    for (const jina::Document& doc : docs) {
      if (!doc.embedding)
        throw std::invalid_argument("Document '" + doc.id + "' has no embedding; put an embedder before this Executor");
      kept.insert(doc.id);
      if (const auto found = rows_.find(doc.id); found == rows_.end() || docs_[found->second] != doc) changed.push_back(doc);
    }
    const bool replaced = remove_if([&](const jina::Document& doc) { return is_of(doc, parameters) && !kept.contains(doc.id); });
    bool known = replaced;
    for (const jina::Document& doc : changed) {
      known = known || rows_.contains(doc.id);
      store(doc);
    }
    // What is new goes behind the rest; anything else is a new file.
    known ? file_->replace(docs_) : file_->append(changed);
    for (jina::Document& doc : docs) doc = light(doc);
  }

  void search(jina::DocumentArray& docs, const jina::Parameters& parameters) const {
    const auto* top_k = parameters.if_contains("top_k");
    const auto count = top_k == nullptr ? 10.0 : top_k->to_number<double>();
    if (!(count >= 1)) throw std::invalid_argument("top_k is 1 or more");
    for (jina::Document& query : docs) {
      if (!query.embedding) throw std::invalid_argument("the query has no embedding; put an embedder before this Executor");
      for (const auto& [score, row] : vectors_.closest(query.embedding->copy_as<float>(), static_cast<std::size_t>(count))) {
        jina::Document& match = query.matches.emplace_back(docs_[row]);
        match.embedding.reset();
        match.scores["cosine"].value = score;
      }
      query.embedding.reset();
    }
  }

  void remove(const jina::DocumentArray& docs) {
    if (remove_if([&](const jina::Document& doc) { return docs.find(doc.id) != nullptr; })) file_->replace(docs_);
  }

  jina::Results status() const { return {{{"documents", docs_.size()}}}; }

 private:
  static bool is_of(const jina::Document& doc, const jina::Parameters& parameters) {
    const auto* source = parameters.if_contains("source");
    const auto* tag = doc.tags.if_contains("source");
    return source != nullptr && tag != nullptr && *source == *tag;
  }

  /// An answer needs no text and no vector that the asker has himself.
  static jina::Document light(const jina::Document& doc) { return jina::Document{{.id = doc.id, .tags = doc.tags}}; }

  void store(jina::Document doc) {
    const auto found = rows_.find(doc.id);
    const std::size_t row = found == rows_.end() ? docs_.size() : found->second;
    vectors_.set(row, doc.embedding.value().copy_as<float>());
    if (found == rows_.end()) {
      rows_.emplace(doc.id, row);
      docs_.push_back(std::move(doc));
    } else {
      docs_[row] = std::move(doc);
    }
  }

  bool remove_if(const std::function<bool(const jina::Document&)>& unwanted) {
    const std::size_t before = docs_.size();
    for (std::size_t row = docs_.size(); row-- > 0;) {
      if (!unwanted(docs_[row])) continue;
      rows_.erase(docs_[row].id);
      vectors_.remove(row);
      if (row + 1 != docs_.size()) {
        docs_[row] = std::move(docs_.back());
        rows_[docs_[row].id] = row;
      }
      docs_.pop_back();
    }
    return docs_.size() != before;
  }

  std::optional<jina::DocumentFile> file_;
  jina::DocumentArray docs_;  // row by row as vectors_
  search::Vectors vectors_;
  std::unordered_map<std::string, std::size_t> rows_;  // by id
};

JINA_MODULE(registry) { registry.add<Index>("Index"); }
