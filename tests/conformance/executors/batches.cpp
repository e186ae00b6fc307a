// Batches: dynamic batching, the same as in batches.py. Each Document is told the batch it was in.
#include <chrono>
#include <jina/executor.hpp>
#include <jina/module.hpp>

namespace {

using namespace std::chrono_literals;
using jina::DocumentArray;

jina::EndpointOptions batches(int size, std::chrono::milliseconds timeout) {
  return {.batching = jina::DynamicBatching{.preferred_batch_size = size, .timeout = timeout}};
}

class Batches : public jina::Executor {
 public:
  void setup(jina::Endpoints& on) override {
    on.add("/four", &Batches::tell, batches(4, 300ms))
        .add("/late", &Batches::late, batches(100, 300ms))
        .add("/eight", &Batches::eight, batches(8, 50ms))
        .add("/fail", &Batches::fail, batches(2, 300ms))
        .add("/fewer", &Batches::fewer, batches(2, 300ms))
        .add("/results", &Batches::results, batches(2, 300ms))
        .add("/set_outside", &Batches::tell);
  }

  void tell(DocumentArray& docs) {
    ++calls_;
    for (jina::Document& doc : docs) {
      doc.tags["call"] = calls_;
      doc.tags["size"] = docs.size();
    }
  }
  jina::Task<> late(DocumentArray& docs, const jina::Parameters& parameters) {
    tell(docs);
    const boost::json::value* end = parameters.if_contains("end");
    for (jina::Document& doc : docs)
      if (end != nullptr) doc.set_text(doc.text() + std::string(end->as_string()));
    co_return;
  }
  DocumentArray eight(DocumentArray& docs) {
    tell(docs);
    DocumentArray made;
    for (const jina::Document& doc : docs) {
      std::string text = doc.text();
      for (char& c : text)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
      made.push_back({{.id = doc.id, .text = std::move(text), .tags = doc.tags}});
    }
    return made;
  }
  void fail(DocumentArray& docs) {
    tell(docs);
    for (const jina::Document& doc : docs)
      if (doc.text() == "bad") throw jina::EndpointError("ValueError", {"boom", 42});
  }
  void fewer(DocumentArray& docs) { docs.resize(1); }
  jina::Results results(const DocumentArray& docs) { return {{{"count", docs.size()}}}; }

 private:
  int calls_ = 0;
};

}  // namespace

JINA_MODULE(registry) { registry.add<Batches>("Batches"); }
