// An Executor that makes a span under that of its endpoint.
#include <jina/executor.hpp>
#include <jina/module.hpp>

#include <algorithm>
#include <cctype>

class TracedUpper : public jina::Executor {
 public:
  void setup(jina::Endpoints& on) override {
    on.add("/up", &TracedUpper::up);
    on.add("/up_later", &TracedUpper::up_later);
    on.add("/boom", &TracedUpper::boom);
    on.add_default(&TracedUpper::keep);
  }
  void up(jina::DocumentArray& docs, jina::RequestContext& context) {
    jina::Span span = tracer().start_span("upper", {.parent = context.trace});
    span.set_attribute("docs", docs.size());
    for (jina::Document& doc : docs) {
      std::string text = doc.text();
      std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
      doc.set_text(text);
    }
  }
  jina::Task<void> up_later(jina::DocumentArray& docs, jina::RequestContext& context) {
    up(docs, context);
    co_return;
  }
  void boom(jina::DocumentArray&) { throw jina::EndpointError("ValueError", {"boom"}); }
  void keep(jina::DocumentArray&) {}
};

JINA_MODULE(registry) { registry.add<TracedUpper>("TracedUpper"); }
