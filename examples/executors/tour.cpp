// Every way in which an Executor's function may be written; docs/executors.md explains them.
#include <jina/blocking.hpp>
#include <jina/executor.hpp>
#include <jina/module.hpp>

#include <chrono>
#include <string>
#include <vector>

using namespace std::chrono_literals;

// [options]
struct TourOptions {
  std::string greeting = "hello";  // has a default; a member without one must be given
};
BOOST_DESCRIBE_STRUCT(TourOptions, (), (greeting))

class Tour : public jina::Executor {
 public:
  explicit Tour(TourOptions options) : greeting_(std::move(options.greeting)) {}
  // [/options]

  // [table]

  void setup(jina::Endpoints& on) override {
    on.add("/greet", &Tour::greet)
        .add("/reverse", &Tour::reverse)
        .add("/count", &Tour::count)
        .add("/merge", &Tour::merge)
        .add("/slow", &Tour::slow)
        .add("/words", &Tour::words)
        .add("/embed", &Tour::embed, {.batching = jina::DynamicBatching{.preferred_batch_size = 32, .timeout = 5ms}})
        .add("/hash", &Tour::hash, {.concurrent = true})
        .add_default(&Tour::pass, {.quick = true});
  }
  // [/table]

  // [in-place]

  /// The Documents in place, one at a time on a thread of its own.
  void greet(jina::DocumentArray& docs, const jina::Parameters& parameters) {
    const auto* name = parameters.if_contains("name");
    for (jina::Document& doc : docs)
      doc.set_text(greeting_ + " " + (name == nullptr ? doc.text() : std::string(name->as_string())));
  }
  // [/in-place]

  // [others]

  /// Other Documents than came in.
  jina::DocumentArray reverse(const jina::DocumentArray& docs) { return {docs.rbegin(), docs.rend()}; }

  /// No Documents at all, but a value: in the answer under parameters.__results__.
  jina::Results count(const jina::DocumentArray& docs) { return {{{"count", docs.size()}}}; }

  /// With `needs: [a, b]` and `no_reduce: true`: what each of them sent, unmerged.
  void merge(jina::DocumentArray& docs, const jina::DocumentsBySource& sources) {
    for (jina::Document& doc : docs) doc.tags["inputs"] = sources.size();
  }
  // [/others]

  // [coroutine]

  /// A coroutine runs on the I/O thread: others run while it waits. What computes goes to another thread (jina/blocking.hpp).
  jina::Task<void> slow(jina::DocumentArray& docs) {
    const std::string text = co_await jina::run_blocking([] { return std::string("read from a database"); });
    for (jina::Document& doc : docs) doc.set_text(text);
  }
  // [/coroutine]

  // [generator]

  /// Documents one by one: gRPC stream_doc, or server-sent events over HTTP. It stops where the client goes away.
  jina::Generator<jina::Document> words(const jina::Document& doc) {
    std::string word;
    for (const char c : doc.text() + " ") {
      if (c != ' ') {
        word += c;
      } else if (!word.empty()) {
        jina::Document part{{.text = std::exchange(word, {})}};
        co_yield std::move(part);
      }
    }
  }
  // [/generator]

  // [batching]

  /// Gets the Documents of several requests at once, 32 at most, at the latest after 5 ms. It leaves as many as it got.
  void embed(jina::DocumentArray& docs) {
    for (jina::Document& doc : docs) {
      doc.embedding = jina::Tensor::of(std::vector<float>{static_cast<float>(doc.text().size())});
      doc.tags["batch"] = docs.size();
    }
  }

  /// Safe to be in several times at once: as many threads as there are cores.
  void hash(jina::DocumentArray& docs) const {
    for (jina::Document& doc : docs) doc.tags["hash"] = std::to_string(std::hash<std::string>{}(doc.text()));
  }

  /// Takes microseconds and never waits, so it needs no thread of its own.
  void pass() {}
  // [/batching]

 private:
  std::string greeting_;
};

// [module]
JINA_MODULE(registry) { registry.add<Tour>("Tour"); }
// [/module]
