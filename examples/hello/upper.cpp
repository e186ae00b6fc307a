// An Executor in one file: answers every Document with its text in capitals.
#include <jina/executor.hpp>
#include <jina/module.hpp>

#include <cctype>

class Upper : public jina::Executor {
 public:
  void setup(jina::Endpoints& on) override { on.add("/upper", &Upper::upper); }

  void upper(jina::DocumentArray& docs) {
    for (jina::Document& doc : docs) {
      std::string text = doc.text();
      for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
      doc.set_text(std::move(text));
    }
  }
};

JINA_MODULE(registry) { registry.add<Upper>("Upper"); }
