// An Executor that does nothing.
#include <jina/executor.hpp>
#include <jina/module.hpp>

class Noop : public jina::Executor {
 public:
  void setup(jina::Endpoints& on) override { on.add_default(&Noop::noop, {.quick = true}); }
  void noop() {}
};

JINA_MODULE(registry) { registry.add<Noop>("Noop"); }
