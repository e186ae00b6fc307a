// SearchGateway: a page to type a query into, and a JSON API (/docs), over an embedder and an index. When it starts it has the
// Markdown files of a folder indexed.
#include <jina/http_gateway.hpp>
#include <jina/module.hpp>

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <string>
#include <vector>

#include "page.hpp"
#include "passages.hpp"

namespace search {

/// `with:` in flow.yml.
struct Options {
  std::string folder;  ///< of the Markdown files; "" for none
};
BOOST_DESCRIBE_STRUCT(Options, (), (folder))

struct Ask {
  std::string q;
  int top_k = 8;
  static void describe(jina::Fields& on) {
    on["q"].says("what to look for").min_length(1).max_length(1000).example("how do I write a custom gateway?");
    on["top_k"].says("how many passages").at_least(1).at_most(100);
  }
};
BOOST_DESCRIBE_STRUCT(Ask, (), (q, top_k))

struct Hit {
  std::string id, text, source, title, section;
  double score = 0;
};
BOOST_DESCRIBE_STRUCT(Hit, (), (id, text, source, title, section, score))

struct Answer {
  std::string query;
  double took_ms = 0;
  std::vector<Hit> hits;
};
BOOST_DESCRIBE_STRUCT(Answer, (), (query, took_ms, hits))

struct Entry {
  std::string id;
  std::string text;
  std::string title = "untitled";
};
BOOST_DESCRIBE_STRUCT(Entry, (), (id, text, title))

struct IndexState {
  std::int64_t documents = 0;
  bool indexing = false;
  std::string folder;
  std::string problem;  ///< why the folder is not indexed
};
BOOST_DESCRIBE_STRUCT(IndexState, (), (documents, indexing, folder, problem))

class SearchGateway : public jina::HttpGateway {
 public:
  explicit SearchGateway(Options options) : folder_(std::move(options.folder)) {}

  void setup_app(jina::App& app) override {
    app.title("Search").description("Passages by what they say: a gateway of a few routes over an embedder and an index.");
    app.get("/", [] { return jina::HttpResponse::html(std::string(kPage)); }).says("The page");
    app.get("/search", &SearchGateway::search).says("The passages closest to a query, the best first");
    app.post("/documents", &SearchGateway::add).says("Adds texts, or replaces those with the same id").status(201);
    app.get("/index", &SearchGateway::state).says("How much is in the index");
    serve_jina_grpc();
    serve_jina_http();
    serve_jina_websocket();
  }

  jina::Task<Answer> search(jina::Query<Ask> ask) {
    const auto started = std::chrono::steady_clock::now();
    jina::StreamOptions options{.exec_endpoint = "/search", .parameters = {{"top_k", ask->top_k}}};
    jina::DocumentArray docs{jina::Document{{.text = ask->q}}};
    docs = co_await streamer().post(std::move(docs), std::move(options));
    Answer answer{.query = ask->q};
    for (const jina::Document& match : docs.at(0).matches) {
      const auto score = match.scores.find("cosine");
      answer.hits.push_back({match.id, match.text(), tag(match, "source"), tag(match, "title"), tag(match, "section"),
                             score == match.scores.end() ? 0 : score->second.value});
    }
    answer.took_ms = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - started).count();
    co_return answer;
  }

  jina::Task<IndexState> add(jina::Json<std::vector<Entry>> entries) {
    jina::DocumentArray docs;
    for (const Entry& entry : *entries) {
      docs.push_back({{.id = entry.id, .text = entry.text}});
      docs.back().tags = {{"source", entry.id}, {"title", entry.title}, {"section", entry.title}};
    }
    co_await streamer().post(std::move(docs), "/index");
    co_return co_await state();
  }

  jina::Task<IndexState> state() {
    IndexState state{.indexing = indexing_, .folder = folder_, .problem = problem_};
    auto replies = streamer().stream({jina::Document()}, {.exec_endpoint = "/status"});
    while (auto reply = co_await replies.next())
      if (const auto* results = reply->parameters.if_contains("__results__"))
        for (const auto& [pod, values] : results->as_object())
          if (const auto* count = values.as_object().if_contains("documents")) state.documents = count->to_number<std::int64_t>();
    co_return state;
  }

  jina::Task<void> run_server() override {
    using namespace boost::asio::experimental::awaitable_operators;
    co_await (HttpGateway::run_server() && index_folder());
  }

  jina::Task<void> shutdown() override {
    stopping_ = true;
    return HttpGateway::shutdown();
  }

 private:
  static std::string tag(const jina::Document& doc, const char* name) {
    const auto* value = doc.tags.if_contains(name);
    return value == nullptr || !value->is_string() ? "" : std::string(value->get_string());
  }

  /// Beside the server: what is in the index already can be asked at once.
  jina::Task<void> index_folder() {
    if (folder_.empty()) co_return;
    indexing_ = true;
    try {
      co_await index_files(markdown_files(folder_));
    } catch (const std::exception& error) {
      problem_ = error.what();
      logger().error("'" + folder_ + "' is not indexed: " + problem_);
    }
    indexing_ = false;
  }

  jina::Task<void> index_files(std::vector<std::filesystem::path> files) {
    std::size_t passages = 0;
    for (const auto& path : files) {
      if (stopping_) co_return;
      const std::string source = path.lexically_relative(folder_).generic_string();
      std::ifstream in(path);
      PassageReader reader(source);
      jina::DocumentArray docs = reader.read(in);
      passages += docs.size();
      co_await index(std::move(docs), source);
    }
    logger().info("indexed " + std::to_string(passages) + " passages of " + std::to_string(files.size()) + " files in '" + folder_ +
                  "'");
  }

  /// All passages of a file in one request, so that the index knows which ones are gone. The Executors may still be starting.
  jina::Task<void> index(jina::DocumentArray docs, std::string source) {
    if (docs.empty()) co_return;
    const jina::StreamOptions options{.exec_endpoint = "/index", .parameters = {{"source", source}}, .request_size = docs.size()};
    for (int failures = 0;;) {
      try {
        co_await streamer().post(docs, options);
        co_return;
      } catch (const jina::RequestFailed&) {
        if (stopping_ || ++failures > 40) throw;
      }
      boost::asio::steady_timer pause(io(), std::chrono::milliseconds(250));
      co_await pause.async_wait(boost::asio::use_awaitable);
    }
  }

  std::string folder_;
  std::string problem_;
  bool indexing_ = false;
  bool stopping_ = false;
};

}  // namespace search

JINA_MODULE(registry) { registry.add<search::SearchGateway>("SearchGateway"); }
