// Tag: marks the Documents with its own name, so that merges can be read off the result; the same as in zoo.py.
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include <jina/executor.hpp>
#include <jina/module.hpp>

#include "python_json.hpp"

namespace {

struct TagOptions {
  jina::Defaulted<std::string> sets;  // text, tags, emb, weight, match, chunk; by commas
  jina::Defaulted<double> delay = 0;  // seconds that each request takes
};
BOOST_DESCRIBE_STRUCT(TagOptions, (), (sets, delay))

class Tag : public jina::Executor {
 public:
  explicit Tag(const TagOptions& options) : delay_(options.delay) {
    std::string set;
    for (const char c : *options.sets + ",") {
      if (c != ',') {
        set += c;
      } else if (!set.empty()) {
        sets_.push_back(std::exchange(set, {}));
      }
    }
  }

  void setup(jina::Endpoints& on) override {
    on.add_default(&Tag::go)
        .add("/seen", &Tag::seen)
        .add("/newdoc", &Tag::new_doc)
        .add("/res", &Tag::res)
        .add("/fail_a", &Tag::fail_a)
        .add("/fail_b", &Tag::fail_b);
  }

  void go(jina::DocumentArray& docs) { mark(docs); }

  void seen(jina::DocumentArray& docs, const jina::Parameters& parameters, const std::vector<jina::DocumentArray>& matrix,
            const jina::DocumentsBySource& sources) {
    wait();
    std::string key = who();
    for (char& c : key) c = c == '/' ? '_' : c;
    boost::json::array names;
    for (const auto& [name, inputs] : sources) names.emplace_back(name);
    for (jina::Document& doc : docs) {
      doc.tags["seen_" + key] = python::dumps(parameters);
      doc.tags["n_" + key] = boost::json::array{docs.size(), matrix.size(), names};
    }
  }

  void new_doc(jina::DocumentArray& docs) {
    docs.push_back(jina::Document{{.id = "new-" + who()}});
    mark(docs);
  }

  jina::Results res(const jina::DocumentArray& docs) {
    wait();
    return {{{"n", docs.size()}}};
  }

  void fail_a(jina::DocumentArray& docs) { fail_if('a', docs); }
  void fail_b(jina::DocumentArray& docs) { fail_if('b', docs); }

 private:
  const std::string& who() const { return runtime_args().name; }
  void wait() const { std::this_thread::sleep_for(std::chrono::duration<double>(delay_)); }

  void fail_if(char letter, jina::DocumentArray& docs) {
    if (who().front() == letter) throw jina::EndpointError("RuntimeError", {std::string(1, letter) + " fails"});
    mark(docs);
  }

  void mark(jina::DocumentArray& docs) const {
    wait();
    for (jina::Document& doc : docs)
      for (const std::string& set : sets_) mark(doc, set);
  }

  void mark(jina::Document& doc, const std::string& set) const {
    if (set == "text") doc.set_text(doc.text() + "|" + who());
    if (set == "tags") doc.tags[who()] = 1;
    if (set == "emb") doc.embedding = jina::Tensor::of(std::vector<float>{static_cast<float>(who().size())});
    if (set == "weight") doc.weight = 2.5F;
    if (set == "match") {
      add_match(doc, "m-" + who(), who());
      add_match(doc, "m-shared", "s-" + who());
    }
    if (set == "chunk") {
      jina::Document chunk{{.id = "c-" + who(), .text = who()}};
      chunk.parent_id = doc.id;
      chunk.granularity = doc.granularity + 1;
      doc.chunks.push_back(std::move(chunk));
    }
  }

  static void add_match(jina::Document& doc, std::string id, std::string text) {
    jina::Document match{{.id = std::move(id), .text = std::move(text)}};
    match.adjacency = doc.adjacency + 1;
    doc.matches.push_back(std::move(match));
  }

  std::vector<std::string> sets_;
  double delay_;
};

}  // namespace

JINA_MODULE(registry) { registry.add<Tag>("Tag"); }
