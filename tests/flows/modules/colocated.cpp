// What test_colocate.py asks of an Executor in its gateway's process: it says on files of a folder what it does, and waits for
// others there.
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

#include <jina/executor.hpp>
#include <jina/module.hpp>

namespace {

class Colocated : public jina::Executor {
 public:
  explicit Colocated(const boost::json::object& with) : folder_(std::string(with.at("folder").as_string())) {}

  void setup(jina::Endpoints& on) override {
    on.add("/where", &Colocated::where).add("/quick", &Colocated::where, {.quick = true}).add("/hold", &Colocated::hold);
    on.add("/change", &Colocated::change, {.quick = true});
  }
  void close() override { say("closed"); }
  jina::Status health() override {
    if (std::filesystem::exists(folder_ / "unwell")) return {jina::StatusCode::kUnavailable, "unwell"};
    return {};
  }

  /// One process for all that are colocated.
  void where(jina::DocumentArray& docs) {
    for (jina::Document& doc : docs) doc.tags["pid"] = std::to_string(::getpid());
  }
  void hold(jina::DocumentArray& docs) {
    say("holds");
    while (!std::filesystem::exists(folder_ / "go")) std::this_thread::sleep_for(std::chrono::milliseconds(2));
    for (jina::Document& doc : docs) doc.set_text("held");
  }
  /// Several of them in a fan-out must not see what the others did.
  void change(jina::DocumentArray& docs) {
    for (jina::Document& doc : docs) doc.set_text(doc.text() + "+");
  }

 private:
  void say(const char* word) const { std::ofstream(folder_ / word) << word; }

  std::filesystem::path folder_;
};

}  // namespace

JINA_MODULE(registry) { registry.add<Colocated>("Colocated"); }
