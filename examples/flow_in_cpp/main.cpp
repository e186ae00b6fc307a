// A Flow in one program: its Executors are classes of it, and it is its own client. `flow_in_cpp serve` goes on until Ctrl-C.
#include <algorithm>
#include <cctype>
#include <iostream>
#include <jina/executor.hpp>
#include <jina/flow.hpp>

class Upper : public jina::Executor {
 public:
  void setup(jina::Endpoints& on) override { on.add_default(&Upper::upper); }
  void upper(jina::DocumentArray& docs) {
    for (auto& doc : docs) {
      std::string text = doc.text();
      std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::toupper(c); });
      doc.set_text(text);
    }
  }
};

class Exclaim : public jina::Executor {
 public:
  void setup(jina::Endpoints& on) override { on.add_default(&Exclaim::exclaim); }
  void exclaim(jina::DocumentArray& docs) {
    for (auto& doc : docs) doc.set_text(doc.text() + "!");
  }
};

int main(int argc, char**) {
  jina::Flow flow;
  flow.config_gateway({.protocol = {"http"}}).add<Upper>({.name = "upper", .replicas = 2}).add<Exclaim>({.name = "exclaim"});
  flow.start();
  for (const auto& doc : flow.post("/", {jina::Document{{.text = "hello"}}, jina::Document{{.text = "world"}}}))
    std::cout << doc.text() << std::endl;
  if (argc > 1) {
    std::cout << flow.url() << std::endl;
    flow.block();
  }
}
