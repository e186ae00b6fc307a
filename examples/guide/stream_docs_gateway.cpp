// A route that sends a Document through the Flow.
// [all]
#include <jina/http_gateway.hpp>
#include <jina/module.hpp>

struct Text { std::string text; };
BOOST_DESCRIBE_STRUCT(Text, (), (text))
struct Result { std::string result; };
BOOST_DESCRIBE_STRUCT(Result, (), (result))

class MyGateway : public jina::HttpGateway {
  void setup_app(jina::App& app) override { app.get("/", &MyGateway::get); }

 public:
  jina::Task<Result> get(jina::Query<Text> query) {
    Result result;
    auto stream = streamer().stream_docs({jina::Document{{.text = query->text}}}, {.exec_endpoint = "/"});
    while (auto docs = co_await stream.next()) result.result = docs->front().text();
    co_return result;
  }
};

JINA_MODULE(registry) { registry.add<MyGateway>("MyGateway"); }
// [/all]
