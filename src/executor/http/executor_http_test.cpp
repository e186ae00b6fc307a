#include "executor/http/executor_http.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/parse.hpp>
#include <string>
#include <vector>

namespace jina {
namespace {

namespace asio = boost::asio;

class Web : public Executor {
 public:
  void setup(Endpoints& on) override {
    on.add("/upper", &Web::upper)
        .add("plain/name/", &Web::upper)
        .add("/fail", &Web::fail)
        .add("/count", &Web::count)
        .add("/throws", &Web::throws)
        .add("/throws_at_once", &Web::throws_at_once)
        .add("/stays", &Web::stays)
        .add("/", &Web::upper);
  }
  Status health() override { return state; }
  void upper(Document& doc) { doc.set_text("UPPER " + doc.text()); }
  void fail() { throw EndpointError("ValueError", {"boom", 42}); }
  Generator<Document> count(const Document& doc) {
    for (int i = 0; i < 2; ++i) {
      Document item({.id = "i", .text = doc.text() + std::to_string(i)});
      co_yield std::move(item);
    }
  }
  Generator<Document> throws(const Document& doc) {
    co_yield doc;
    throw EndpointError("ValueError", {"boom"});
  }
  Generator<Document> throws_at_once(const Document& doc) {
    if (doc.text().empty()) throw EndpointError("ValueError", {"boom"});
    co_yield doc;
  }
  Generator<Document> stays(const Document& doc) {
    co_yield doc;
    asio::steady_timer timer(co_await asio::this_coro::executor, SteadyTime::max());
    co_await timer.async_wait(asio::use_awaitable);
  }
  Status state;
};

class ExecutorHttpTest : public testing::Test {
 protected:
  ExecutorHttpTest() {
    auto made = std::make_unique<Web>();
    web = made.get();
    host = std::make_unique<ExecutorHost>(io, std::move(made), ExecutorNames{"w", "w/rep-0", "Web"}, ExecutorRuntimeArgs{}, 1);
    EXPECT_TRUE(host->setup().ok());
    handler = std::make_unique<ExecutorHttp>(*host);
  }

  static Task<> answer(http::Handler& handler, RequestContext& context, http::Request request, http::Response& into) {
    into = co_await handler.handle(context, std::move(request));
  }
  static Task<> read(std::shared_ptr<http::BodySource> stream, std::vector<std::string>& into, bool& ended) {
    while (std::optional<Buffer> piece = co_await stream->next()) into.push_back(piece->str());
    ended = true;
  }

  http::Response ask(std::string method, std::string path, std::string body = {}, std::string query = {}) {
    http::Request request;
    request.method = std::move(method);
    request.path = std::move(path);
    request.query = std::move(query);
    request.headers = {{"content-type", "application/json"}};
    request.body = Buffer::take(std::move(body));
    http::Response response;
    asio::co_spawn(io, answer(*handler, context, std::move(request), response), asio::detached);
    while (io.poll() > 0 || (host->in_flight() > 0 && !response.stream)) continue;
    io.restart();
    return response;
  }
  std::string text(const http::Response& response) { return response.body.str(); }
  std::vector<std::string> pieces(const http::Response& response) {
    std::vector<std::string> read_pieces;
    asio::co_spawn(io, read(response.stream, read_pieces, ended), asio::detached);
    io.poll();
    io.restart();
    return read_pieces;
  }

  asio::io_context io{1};
  RequestContext context;
  Web* web = nullptr;
  std::unique_ptr<ExecutorHost> host;
  std::unique_ptr<ExecutorHttp> handler;
  bool ended = false;
};

TEST_F(ExecutorHttpTest, DocumentsAndParameters) {
  const auto response = ask("POST", "/upper", R"({"data": {"text": "a"}, "parameters": {"k": 1}})");
  EXPECT_EQ(response.status, 200);
  const auto answer = boost::json::parse(text(response));
  EXPECT_EQ(answer.at("data").at(0).at("text"), "UPPER a");
  EXPECT_EQ(answer.at("parameters").at("k"), 1.0);
  EXPECT_EQ(ask("POST", "/plain/name", R"({"data": []})").status, 200) << "slashes around the name do not matter";
}

TEST_F(ExecutorHttpTest, AFunctionThatThrows) {
  const auto response = ask("POST", "/fail", R"({"data": []})");
  EXPECT_EQ(response.status, 499);
  EXPECT_EQ(text(response), "{\"detail\":\"ValueError('boom', 42)\"}");
}

TEST_F(ExecutorHttpTest, Health) {
  EXPECT_EQ(text(ask("GET", "/")), "{}") << "the endpoint '/' has no route";
  web->state = {StatusCode::kUnavailable, "no GPU"};
  EXPECT_EQ(ask("GET", "/").status, 503);
}

TEST_F(ExecutorHttpTest, WhatIsNotThere) {
  EXPECT_EQ(ask("POST", "/nowhere", R"({"data": []})").status, 404);
  EXPECT_EQ(ask("GET", "/upper").status, 405);
  EXPECT_EQ(ask("POST", "/count", R"({"data": []})").status, 405);
  EXPECT_EQ(ask("POST", "/upper/", R"({"data": []})").status, 307);
  EXPECT_EQ(ask("POST", "/upper", R"({"data": 5})").status, 422);
  EXPECT_EQ(ask("GET", "/count", "[").status, 422);
}

TEST_F(ExecutorHttpTest, PagesAndTheirDescription) {
  EXPECT_EQ(ask("GET", "/docs").status, 200);
  const auto description = boost::json::parse(text(ask("GET", "/openapi.json")));
  EXPECT_TRUE(description.at("paths").at("/upper").as_object().contains("post"));
  EXPECT_TRUE(description.at("paths").at("/count").as_object().contains("get"));
}

TEST_F(ExecutorHttpTest, AGeneratorGivesEvents) {
  const auto got = pieces(ask("GET", "/count", "", "text=hello"));
  ASSERT_EQ(got.size(), 3U);
  EXPECT_EQ(got[0].substr(0, 22), "event: update\r\ndata: {");
  EXPECT_NE(got[1].find(R"("text":"hello1")"), std::string::npos) << got[1];
  EXPECT_EQ(got[2], "event: end\r\n\r\n");
  EXPECT_TRUE(ended);
}

TEST_F(ExecutorHttpTest, AGeneratorThatThrowsSaysSo) {
  const auto got = pieces(ask("GET", "/throws", R"({"text": "x"})"));
  ASSERT_EQ(got.size(), 2U);
  EXPECT_EQ(got[1], "event: error\r\ndata: {\"detail\":\"ValueError('boom')\",\"status\":499}\r\n\r\n");
}

TEST_F(ExecutorHttpTest, OneThatThrowsBeforeItsFirstDocumentIsAStatus) {
  const auto response = ask("GET", "/throws_at_once");
  EXPECT_EQ(response.status, 499);
  EXPECT_EQ(text(response), "{\"detail\":\"ValueError('boom')\"}");
}

TEST_F(ExecutorHttpTest, AClientThatIsGoneEndsTheGenerator) {
  {
    const auto response = ask("GET", "/stays");
    std::vector<std::string> got;
    asio::co_spawn(io, read(response.stream, got, ended), asio::detached);
    io.poll();
    EXPECT_EQ(got.size(), 1U);
    EXPECT_FALSE(ended);
    context.cancel(CancelReason::kClient);
    while (io.poll() > 0) continue;
  }
  EXPECT_TRUE(ended);
  EXPECT_EQ(host->in_flight(), 0U);
}

}  // namespace
}  // namespace jina
