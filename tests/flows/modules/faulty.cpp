// An Executor with a fault for each way to fail, and one endpoint that works.
#include <unistd.h>
#include <jina/executor.hpp>
#include <jina/module.hpp>

#include <cstdlib>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

namespace {

// noinline: so that the backtrace can name it.
__attribute__((noinline)) int read_nothing(volatile const int* where) { return *where; }

}  // namespace

class Faulty : public jina::Executor {
 public:
  void setup(jina::Endpoints& on) override {
    on.add("/echo", &Faulty::echo);
    on.add("/slow", &Faulty::slow);
    on.add("/throw", &Faulty::fail);
    on.add("/segv", &Faulty::segv);
    on.add("/abort", &Faulty::abort);
    on.add("/hang", &Faulty::hang);
    on.add("/many", &Faulty::many);
    on.add("/leak", &Faulty::leak);
    if (std::getenv("FAULTY_SETUP") != nullptr) throw std::runtime_error(std::getenv("FAULTY_SETUP"));
  }

  void echo(jina::DocumentArray& docs) { answer(docs); }
  void slow(jina::DocumentArray& docs) {
    std::this_thread::sleep_for(std::chrono::milliseconds(3));
    answer(docs);
  }
  void fail(jina::DocumentArray&) { throw std::runtime_error("this endpoint always fails"); }
  void segv(jina::DocumentArray& docs) { docs[0].set_text(std::to_string(read_nothing(nullptr))); }
  void abort(jina::DocumentArray&) { std::abort(); }
  void hang(jina::DocumentArray&) {
    for (;;) std::this_thread::sleep_for(std::chrono::hours(1));
  }
  void many(jina::DocumentArray& docs) {
    const jina::Document one = docs[0];
    for (int i = 0; i < 100'000; ++i) docs.push_back(one);
  }
  void leak(jina::DocumentArray&) {
    for (;;) {
      auto* memory = new char[1 << 20];
      std::memset(memory, 1, 1 << 20);
      kept_.push_back(memory);
    }
  }

 private:
  void answer(jina::DocumentArray& docs) {
    for (jina::Document& doc : docs) doc.set_text(doc.text() + " from " + std::to_string(::getpid()));
  }
  std::vector<char*> kept_;
};

JINA_MODULE(registry) { registry.add<Faulty>("Faulty"); }
