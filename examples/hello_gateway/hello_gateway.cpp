#include <jina/http_gateway.hpp>
#include <jina/module.hpp>

struct Ask { std::string name = "world"; };
BOOST_DESCRIBE_STRUCT(Ask, (), (name))
struct Answer { std::string greeting; };
BOOST_DESCRIBE_STRUCT(Answer, (), (greeting))

class HelloGateway : public jina::HttpGateway {
 public:
  void setup_app(jina::App& app) override { app.get("/hello", &HelloGateway::hello); }

  jina::Task<Answer> hello(jina::Query<Ask> ask) {
    jina::DocumentArray docs{jina::Document{{.text = "hello " + ask->name}}};
    docs = co_await streamer().post(std::move(docs), "/upper");
    co_return Answer{docs.at(0).text()};
  }
};

JINA_MODULE(registry) { registry.add<HelloGateway>("HelloGateway"); }
