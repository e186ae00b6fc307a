// What test_streaming_http.py asks of an Executor whose endpoints stream. It says in files of a folder what it does, and waits for
// others there.
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include <jina/executor.hpp>
#include <jina/generator.hpp>
#include <jina/module.hpp>

namespace {

class Streaming : public jina::Executor {
 public:
  explicit Streaming(const boost::json::object& with) : folder_(std::string(with.at("folder").as_string())) {}

  void setup(jina::Endpoints& on) override {
    on.add("/words", &Streaming::words).add("/boom", &Streaming::boom).add("/late", &Streaming::late).add("/die", &Streaming::die);
    on.add("/endless", &Streaming::endless).add("/search", &Streaming::words).add("/upper", &Streaming::upper, {.quick = true});
  }

  void upper(jina::DocumentArray& docs) {
    for (jina::Document& doc : docs) doc.set_text("UPPER " + doc.text());
  }
  jina::Generator<jina::Document> words(const jina::Document& doc) {
    std::istringstream text(doc.text());
    for (std::string word; text >> word;) {
      jina::Document part({.text = word});
      co_yield std::move(part);
    }
  }
  jina::Generator<jina::Document> boom(const jina::Document& doc) {
    if (!doc.text().empty()) throw jina::EndpointError("ValueError", {"boom"});
    co_yield doc;
  }
  jina::Generator<jina::Document> late(const jina::Document& doc) {
    co_yield doc;
    throw jina::EndpointError("ValueError", {"boom"});
  }
  jina::Generator<jina::Document> die(const jina::Document& doc) {
    co_yield doc;
    co_await file("go");
    std::_Exit(3);
  }
  /// 100 kB each, as long as somebody reads; how many is in a file.
  jina::Generator<jina::Document> endless(const jina::Document&) {
    const Gone gone{*this};
    for (int i = 1;; ++i) {
      jina::Document part({.text = std::string(100'000, 'x')});
      say("made", std::to_string(i));
      co_yield std::move(part);
    }
  }

 private:
  struct Gone {
    Streaming& executor;
    ~Gone() { executor.say("gone", "gone"); }
  };

  void say(const char* name, const std::string& what) const {
    std::ofstream(folder_ / (std::string(name) + ".new")) << what;
    std::error_code raced;  // with another stream that says the same
    std::filesystem::rename(folder_ / (std::string(name) + ".new"), folder_ / name, raced);
  }
  jina::Task<void> file(std::string name) const {
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
    while (!std::filesystem::exists(folder_ / name)) {
      timer.expires_after(std::chrono::milliseconds(2));
      co_await timer.async_wait(boost::asio::use_awaitable);
    }
  }

  std::filesystem::path folder_;
};

}  // namespace

JINA_MODULE(registry) { registry.add<Streaming>("Streaming"); }
