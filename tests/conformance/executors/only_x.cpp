// OnlyX: binds nothing but /x; the same as in zoo.py.
#include <jina/executor.hpp>
#include <jina/module.hpp>

namespace {

class OnlyX : public jina::Executor {
 public:
  void setup(jina::Endpoints& on) override { on.add("/x", &OnlyX::x); }

  void x(jina::DocumentArray& docs) {
    for (jina::Document& doc : docs) doc.set_text(doc.text() + "|onlyx");
  }
};

}  // namespace

JINA_MODULE(registry) { registry.add<OnlyX>("OnlyX"); }
