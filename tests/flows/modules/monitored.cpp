// The same as monitored.py.
#include <jina/executor.hpp>
#include <jina/module.hpp>

class Monitored : public jina::Executor {
 public:
  void setup(jina::Endpoints& on) override { on.add("/default", &Monitored::anything).add("/bad", &Monitored::bad); }

  void anything(jina::DocumentArray&) {
    const auto timer = monitor("inner_seconds");
    part();
  }
  void bad(jina::DocumentArray&) { throw std::invalid_argument("bad"); }

 private:
  void part() const { const auto timer = monitor("part_seconds"); }
};

JINA_MODULE(registry) { registry.add<Monitored>("Monitored"); }
