// Every way of sending Documents to Executors, one route each.
#include <jina/blocking.hpp>
#include <jina/http_gateway.hpp>
#include <jina/module.hpp>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>

struct Texts {
  std::vector<std::string> text;
  std::string endpoint = "/";
  int size = 100;
};
BOOST_DESCRIBE_STRUCT(Texts, (), (text, endpoint, size))

class Streams : public jina::HttpGateway {
 public:
  void setup_app(jina::App& app) override {
    app.get("/stream_docs", &Streams::stream_docs);
    app.get("/stream", &Streams::stream);
    app.get("/post", &Streams::post);
    app.get("/blocking", &Streams::blocking).blocking();
    app.get("/callback", &Streams::callback);
    app.get("/executor", &Streams::one_executor);
  }

  // How many requests it took, and what came back.
  jina::Task<boost::json::value> stream_docs(jina::Query<Texts> query, jina::RequestContext& context) {
    jina::StreamOptions options = options_of(*query, context);
    auto answers = streamer().stream_docs(documents_of(*query), options);
    boost::json::array requests;
    while (auto docs = co_await answers.next()) requests.push_back(texts_of(*docs));
    co_return requests;
  }
  jina::Task<boost::json::value> stream(jina::Query<Texts> query, jina::RequestContext& context) {
    jina::StreamOptions options = options_of(*query, context);
    auto answers = streamer().stream(documents_of(*query), options);
    boost::json::array found;
    while (auto response = co_await answers.next()) {
      boost::json::array routes;
      for (const auto& route : response->routes) routes.emplace_back(route.executor);
      found.push_back({{"texts", texts_of(response->docs)},
                       {"routes", routes},
                       {"error", response->error ? boost::json::value(response->error->description) : boost::json::value()}});
    }
    co_return found;
  }
  jina::Task<boost::json::value> post(jina::Query<Texts> query, jina::RequestContext& context) {
    jina::StreamOptions options = options_of(*query, context);
    jina::DocumentArray docs = co_await streamer().post(documents_of(*query), options);
    co_return texts_of(docs);
  }
  boost::json::value blocking(jina::Query<Texts> query) {
    jina::StreamOptions options{.exec_endpoint = query->endpoint};
    return texts_of(streamer().post_blocking(documents_of(*query), options));
  }
  // A callback that comes on the I/O thread, awaited by a timer that it cancels.
  jina::Task<boost::json::value> callback(jina::Query<Texts> query) {
    auto ready = std::make_shared<boost::asio::steady_timer>(io(), boost::asio::steady_timer::time_point::max());
    auto docs = std::make_shared<std::optional<jina::Result<jina::DocumentArray>>>();
    jina::StreamOptions options{.exec_endpoint = query->endpoint};
    streamer().post_async(documents_of(*query), options, [ready, docs](jina::Result<jina::DocumentArray> result) {
      docs->emplace(std::move(result));
      ready->cancel();
    });
    boost::system::error_code ignored;
    if (!*docs) co_await ready->async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ignored));
    co_return texts_of((*docs)->value());
  }
  jina::Task<boost::json::value> one_executor(jina::Query<Texts> query) {
    jina::ExecutorPostOptions options{.on = query->endpoint, .request_size = static_cast<std::size_t>(query->size)};
    jina::DocumentArray docs = co_await executor("upper").post(documents_of(*query), options);
    co_return texts_of(docs);
  }

 private:
  static jina::StreamOptions options_of(const Texts& texts, jina::RequestContext& context) {
    return {.exec_endpoint = texts.endpoint,
            .request_size = static_cast<std::size_t>(texts.size),
            .results_in_order = true,
            .context = &context};
  }
  static jina::DocumentArray documents_of(const Texts& texts) {
    jina::DocumentArray docs;
    for (const std::string& text : texts.text) docs.push_back(jina::Document{{.text = text}});
    return docs;
  }
  static boost::json::array texts_of(const jina::DocumentArray& docs) {
    boost::json::array texts;
    for (const jina::Document& doc : docs) texts.emplace_back(doc.text());
    return texts;
  }
};

JINA_MODULE(registry) { registry.add<Streams>("Streams"); }
