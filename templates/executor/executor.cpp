// MyName: replaces the text of each Document by its keywords.
#include <jina/executor.hpp>
#include <jina/module.hpp>

#include "keywords.hpp"

namespace {

/// `with:` in config.yml.
struct Options {
  int min_letters = 4;
};
BOOST_DESCRIBE_STRUCT(Options, (), (min_letters))

class MyName : public jina::Executor {
 public:
  explicit MyName(Options options) : options_(options) {}

  void setup(jina::Endpoints& on) override { on.add_default(&MyName::extract); }

  void extract(jina::DocumentArray& docs) {
    for (jina::Document& doc : docs) doc.set_text(keywords(doc.text(), static_cast<std::size_t>(options_.min_letters)));
  }

 private:
  Options options_;
};

}  // namespace

JINA_MODULE(registry) { registry.add<MyName>("MyName"); }
