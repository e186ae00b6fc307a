// Zoo: one endpoint per behaviour, the same as in zoo.py; no default endpoint, so that other endpoints are not bound.
#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <string>
#include <vector>

#include <jina/executor.hpp>
#include <jina/module.hpp>

#include "python_json.hpp"

namespace {

class Zoo : public jina::Executor {
 public:
  void setup(jina::Endpoints& on) override {
    on.add("/echo", &Zoo::echo)
        .add("/upper", &Zoo::upper)
        .add("/embed", &Zoo::embed)
        .add("/fail", &Zoo::fail)
        .add("/sleep", &Zoo::sleep)
        .add("/params", &Zoo::params)
        .add("/results", &Zoo::results)
        .add("/newdocs", &Zoo::new_docs)
        .add("/empty", &Zoo::empty)
        .add("/badreturn", &Zoo::bad_return)
        .add({"/index", "/search", "/update", "/delete"}, &Zoo::crud)
        .add("/stream", &Zoo::stream);
  }

  void echo(const jina::DocumentArray&) {}

  // Python's str.upper() knows all of Unicode; the tests need Latin-1's letters and the sharp s.
  void upper(jina::DocumentArray& docs) {
    for (jina::Document& doc : docs) {
      std::string text;
      const std::string& from = doc.text();
      for (std::size_t i = 0; i < from.size(); ++i) {
        const char c = from[i];
        if (c >= 'a' && c <= 'z') {
          text += static_cast<char>(c - 'a' + 'A');
        } else if (c == '\xc3' && i + 1 < from.size()) {
          const char second = from[++i];
          const bool letter = second >= '\xa0' && second <= '\xbe' && second != '\xb7';
          text += second == '\x9f' ? std::string("SS") : std::string{c, letter ? static_cast<char>(second - 0x20) : second};
        } else {
          text += c;
        }
      }
      doc.set_text(std::move(text));
    }
  }

  void embed(jina::DocumentArray& docs) {
    for (std::size_t i = 0; i < docs.size(); ++i) {
      const std::string& text = docs[i].text();
      const auto letters = std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; });
      const std::vector<float> values = {static_cast<float>(letters), static_cast<float>(i), 0.5F};
      docs[i].embedding = jina::Tensor::of(values);
    }
  }

  void fail() { throw jina::EndpointError("ValueError", {"boom", 42}); }

  jina::Task<> sleep(const jina::Parameters& parameters) {
    const boost::json::value* seconds = parameters.if_contains("seconds");
    const double wait = seconds != nullptr && seconds->is_number() ? seconds->to_number<double>() : 0.1;
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
    timer.expires_after(std::chrono::duration_cast<std::chrono::steady_clock::duration>(std::chrono::duration<double>(wait)));
    co_await timer.async_wait(boost::asio::use_awaitable);
  }

  void params(jina::DocumentArray& docs, const jina::Parameters& parameters) {
    for (jina::Document& doc : docs) doc.tags["seen"] = python::dumps(parameters);
  }

  jina::Results results(const jina::DocumentArray& docs) { return {{{"count", docs.size()}, {"nested", {{"ok", true}}}}}; }

  jina::DocumentArray new_docs() {
    return {jina::Document{{.id = "n0", .text = "new 0"}}, jina::Document{{.id = "n1", .text = "new 1"}}};
  }

  jina::DocumentArray empty() { return {}; }

  // In C++ this does not compile; what Python's runtime says when it happens there.
  void bad_return() { throw jina::EndpointError("TypeError", {"The return type must be DocList / Dict / `None`, but getting 5"}); }

  void crud(jina::DocumentArray& docs) {
    for (jina::Document& doc : docs) doc.tags["crud"] = true;
  }

  jina::Generator<jina::Document> stream(const jina::Document& doc) {
    for (int number = 0; number < 3; ++number) {
      jina::Document item({.id = doc.id + "-" + std::to_string(number), .text = doc.text() + " " + std::to_string(number)});
      co_yield std::move(item);
    }
  }
};

}  // namespace

JINA_MODULE(registry) { registry.add<Zoo>("Zoo"); }
