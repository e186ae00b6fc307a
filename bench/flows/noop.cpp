// An Executor that is given the Documents and leaves them alone.
#include <jina/executor.hpp>
#include <jina/module.hpp>

class Noop : public jina::Executor {
 public:
  void setup(jina::Endpoints& on) override { on.add_default(&Noop::noop); }
  void noop(jina::DocumentArray&) {}
};

JINA_MODULE(registry) { registry.add<Noop>("Noop"); }
