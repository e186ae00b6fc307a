// A module, compiled ahead: jina executor --uses shout.so
#include <jina/executor.hpp>
#include <jina/module.hpp>

class Shout : public jina::Executor {
 public:
  void setup(jina::Endpoints& on) override { on.add("/shout", &Shout::shout); }
  void shout(jina::DocumentArray& docs) {
    for (jina::Document& doc : docs) doc.set_text(doc.text() + "!");
  }
};

JINA_MODULE(registry) { registry.add<Shout>("Shout"); }
