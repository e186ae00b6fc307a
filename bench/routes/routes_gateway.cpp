// The routes that ./dev bench measures: /self answers by itself, /call asks one Executor. fastapi_app.py and jina_gateway.py are
// the same in Python.
#include <jina/http_gateway.hpp>
#include <jina/module.hpp>

struct Ask {
  std::string text;
  int top_k = 10;
};
BOOST_DESCRIBE_STRUCT(Ask, (), (text, top_k))
struct Answer {
  std::string result;
  int top_k = 0;
};
BOOST_DESCRIBE_STRUCT(Answer, (), (result, top_k))

class RoutesGateway : public jina::HttpGateway {
 public:
  void setup_app(jina::App& app) override {
    app.get("/self", &RoutesGateway::self);
    app.get("/call", &RoutesGateway::call);
  }
  jina::Task<Answer> self(jina::Query<Ask> ask) { co_return Answer{ask->text, ask->top_k}; }
  jina::Task<Answer> call(jina::Query<Ask> ask) {
    Answer last;
    auto replies = streamer().stream_docs({jina::Document{{.text = ask->text}}}, {.exec_endpoint = "/"});
    while (const auto docs = co_await replies.next()) last.result = docs->front().text();
    last.top_k = ask->top_k;
    co_return last;
  }
};

JINA_MODULE(registry) { registry.add<RoutesGateway>("RoutesGateway"); }
