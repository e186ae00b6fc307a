// A gateway whose handlers make spans of their own, beside Jina's protocols.
#include <jina/http_gateway.hpp>
#include <jina/module.hpp>

#include <cmath>
#include <limits>

struct Ask {
  std::string text = "a";
  std::string endpoint = "/up";
};
BOOST_DESCRIBE_STRUCT(Ask, (), (text, endpoint))

class Traced : public jina::HttpGateway {
 public:
  Traced() {
    serve_jina_grpc();
    serve_jina_http();
    serve_jina_websocket();
  }
  void setup_app(jina::App& app) override {
    app.get("/ask/{what}", &Traced::ask);
    app.get("/all_kinds", &Traced::all_kinds);
    app.get("/fail", [](jina::RequestContext&) -> boost::json::value { throw std::runtime_error("no luck"); });
    app.websocket("/talk", &Traced::talk);
  }

  // The call to the Executor is made for the span of the handler.
  jina::Task<boost::json::value> ask(jina::Query<Ask> ask, jina::RequestContext& context) {
    jina::Span span = tracer().start_span("ask", {.parent = context.trace});
    span.set_attribute("length", ask->text.size());
    jina::StreamOptions options{.exec_endpoint = ask->endpoint, .context = &context, .trace = span.context()};
    jina::DocumentArray docs{jina::Document{{.text = ask->text}}};
    docs = co_await streamer().post(docs, options);
    co_return boost::json::value(docs.front().text());
  }
  boost::json::value all_kinds(jina::RequestContext& context) {
    jina::Span span = tracer_provider().tracer("kinds").start_span("kinds", {.parent = context.trace});
    span.set_attribute("yes", true)
        .set_attribute("no", false)
        .set_attribute("zero", 0)
        .set_attribute("least", std::numeric_limits<std::int64_t>::min());
    span.set_attribute("half", 0.5)
        .set_attribute("none", std::nan(""))
        .set_attribute("text", "gr\xc3\xbc\xc3\x9f")
        .set_attribute("empty", "");
    span.set_attribute("broken",
                       "a\xff"
                       "b");
    span.add_event("looked", {{"at", 3}}).record_error("std::runtime_error", "no luck");
    return boost::json::string(context.trace.traceparent());
  }
  jina::Task<void> talk(jina::WebSocket& socket, jina::RequestContext& context) {
    while (auto message = co_await socket.read()) {
      jina::Span span = tracer().start_span("talk", {.parent = context.trace});
      std::string answer = span.context().traceparent();
      co_await socket.send(std::move(answer));
    }
  }
};

JINA_MODULE(registry) { registry.add<Traced>("Traced"); }
