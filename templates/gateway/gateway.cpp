// MyName: GET /sentences?text=... sends each sentence of the text through the Flow and answers with what comes back.
#include <jina/http_gateway.hpp>
#include <jina/module.hpp>

#include "sentences.hpp"

namespace {

struct Ask {
  std::string text;
};
BOOST_DESCRIBE_STRUCT(Ask, (), (text))

struct Answer {
  std::vector<std::string> sentences;
};
BOOST_DESCRIBE_STRUCT(Answer, (), (sentences))

/// `with:` in config.yml.
struct Options {
  int limit = 100;
};
BOOST_DESCRIBE_STRUCT(Options, (), (limit))

class MyName : public jina::HttpGateway {
 public:
  explicit MyName(Options options) : options_(options) {}

  void setup_app(jina::App& app) override {
    app.title("MyName");
    app.get("/sentences", &MyName::answer).says("The sentences of a text, as the Flow's Executors leave them");
  }

  jina::Task<Answer> answer(jina::Query<Ask> ask) {
    jina::DocumentArray docs;
    for (std::string& sentence : sentences(ask->text, static_cast<std::size_t>(options_.limit)))
      docs.push_back({{.text = std::move(sentence)}});
    jina::StreamOptions options{.exec_endpoint = "/", .results_in_order = true};
    auto replies = streamer().stream_docs(std::move(docs), options);
    Answer answer;
    while (auto reply = co_await replies.next())
      for (const jina::Document& doc : *reply) answer.sentences.push_back(doc.text());
    co_return answer;
  }

 private:
  Options options_;
};

}  // namespace

JINA_MODULE(registry) { registry.add<MyName>("MyName"); }
