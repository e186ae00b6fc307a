#include <jina/executor.hpp>
#include <jina/module.hpp>

namespace {

struct Options {
  std::string suffix;
};
BOOST_DESCRIBE_STRUCT(Options, (), (suffix))

class Upper : public jina::Executor {
 public:
  explicit Upper(Options options) : options_(std::move(options)) {}
  void setup(jina::Endpoints& on) override { on.add_default(&Upper::upper); }

  void upper(jina::DocumentArray& docs) {
    for (jina::Document& doc : docs) doc.set_text(doc.text() + options_.suffix);
  }

 private:
  Options options_;
};

}  // namespace

JINA_MODULE(registry) { registry.add<Upper>("Upper"); }
