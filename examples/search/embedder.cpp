// Embedder: gives every Document that has a text an embedding, whatever is asked of the Flow.
#include <jina/executor.hpp>
#include <jina/module.hpp>

#include <stdexcept>

#include "features.hpp"

struct EmbedderOptions {
  int dimensions = 2048;
};
BOOST_DESCRIBE_STRUCT(EmbedderOptions, (), (dimensions))

class Embedder : public jina::Executor {
 public:
  explicit Embedder(EmbedderOptions options) : dimensions_(static_cast<std::size_t>(options.dimensions)) {
    if (options.dimensions < 16) throw std::invalid_argument("dimensions must be 16 or more");
  }

  void setup(jina::Endpoints& on) override { on.add_default(&Embedder::embed); }

  void embed(jina::DocumentArray& docs) const {
    for (jina::Document& doc : docs)
      if (doc.has_text() && !doc.embedding) doc.embedding = jina::Tensor::of(search::embed(doc.text(), dimensions_));
  }

 private:
  std::size_t dimensions_;
};

JINA_MODULE(registry) { registry.add<Embedder>("Embedder"); }
