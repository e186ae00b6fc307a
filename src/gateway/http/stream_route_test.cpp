// GET of endpoints that stream, and what is said to those who ask for them in another way.
#include "gateway/http/stream_route.hpp"

#include <gtest/gtest.h>

#include "document/document_codec.hpp"
#include "document/struct_codec.hpp"
#include "gateway/http/http_test_support.hpp"
#include "wire/pb_writer.hpp"

namespace jina::gateway {
namespace {

using testing::header;

// Streams the words of the Document's text; "/boom" raises at once, "/late" after a word, "/down" is not there.
class WordsGateway final : public testing::FakeGateway {
 public:
  void stream_doc(RequestContext&, Buffer request, std::shared_ptr<protocol::RequestStream> stream) override {
    wire::DataRequest parsed = std::move(wire::DataRequest::parse(request).value());
    const auto head = wire::parse_header(parsed.header.view()).value();
    const std::string endpoint(head.exec_endpoint.value_or(""));
    asked.push_back(endpoint);
    if (endpoint == "/down") return stream->finish({StatusCode::kUnavailable, "words is down"}, {});
    const std::string text = decode_document(parsed.data->flatten()).value().text();
    if (endpoint != "/boom" && endpoint != "/changed") {
      for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find(' ', at), text.size());
        wire::DataRequest item;
        item.data = encode_document(Document({.id = "w", .text = text.substr(at, end - at)}));
        stream->write(item.serialize());
        at = end + 1;
      }
    }
    if (endpoint == "/boom" || endpoint == "/late") raise(parsed, "ValueError('boom')", *stream);
    if (endpoint == "/changed") raise(parsed, "ValueError('endpoint must be generator')", *stream);
    stream->finish({}, {});
  }
  std::vector<std::string> asked;

 private:
  static void raise(wire::DataRequest& message, std::string_view what, protocol::RequestStream& stream) {
    wire::set_status(message, wire::encode_error_status({.description = what, .exception_name = "ValueError"}));
    stream.write(message.serialize());
  }
};

struct Streams : ::testing::Test {
  static Buffer described() {
    boost::json::object schemas;
    std::string message;
    wire::PbWriter writer(message);
    for (const std::string name : {"/words", "/boom", "/late", "/down", "/changed", "/search", "/v2", "/plain", "/index"}) {
      writer.bytes(1, name);
      schemas[name] = {{"is_generator", name != "/plain" && name != "/index"},
                       {"input", {{"name", name == "/v2" ? "TextDoc" : "PydanticDocument"}}}};
    }
    writer.bytes(3, encode_struct(schemas));
    return Buffer::take(std::move(message));
  }

  // On one io_context for all of a stream.
  template <class T>
  T run(Task<T> task) {
    std::optional<T> result;
    boost::asio::co_spawn(io, std::move(task), [&](const std::exception_ptr& failure, T value) {
      if (failure) std::rethrow_exception(failure);
      result.emplace(std::move(value));
    });
    io.restart();
    io.run();
    return std::move(result.value());
  }
  http::Response send(std::string method, std::string path, std::string body = "", std::string query = "") {
    http::Request request =
        testing::make_request(std::move(method), std::move(path), std::move(body), {{"content-type", "application/json"}});
    request.query = std::move(query);
    context.emplace();
    return run(http.handle(*context, std::move(request)));
  }
  static Task<std::string> read(std::shared_ptr<http::BodySource> stream) {
    std::string all;
    while (std::optional<Buffer> piece = co_await stream->next()) all += piece->str();
    co_return all;
  }
  std::string events(const http::Response& response) { return response.stream ? run(read(response.stream)) : "(none)"; }

  boost::asio::io_context io{1};
  bool reachable = true;
  std::optional<RequestContext> context;
  GatewayOptions options{.expose_endpoints = testing::expose(R"({"/words": {"http_path": "/w", "methods": ["GET"]}})")};
  WordsGateway gateway;
  EndpointTable table{io, {"exec"}, [this](RequestContext&, const std::string&, UniqueFunction<void(Result<Buffer>)> done) {
                        if (!reachable) return done(Status{StatusCode::kUnavailable, "exec at 127.0.0.1:1 is down"});
                        done(described());
                      }};
  GatewayHttp http{options, {.http = true}, gateway, nullptr, &table};
};

TEST_F(Streams, DocumentsAsEvents) {
  const auto response = send("GET", "/words", R"({"text": "one two"})");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(header(response, "content-type"), "text/event-stream; charset=utf-8");
  const std::string got = events(response);
  EXPECT_EQ(got.find("event: update\r\ndata: {\"id\":\"w\""), 0U) << got;
  EXPECT_NE(got.find(R"("text":"two")"), got.npos);
  EXPECT_TRUE(got.ends_with("}\r\n\r\nevent: end\r\n\r\n")) << got;
  EXPECT_EQ(gateway.asked, std::vector<std::string>{"/words"});
}

TEST_F(Streams, TheQueryIsADocumentToo) {
  EXPECT_NE(events(send("GET", "/words", "", "text=a+b%20c&unknown=1")).find(R"("text":"c")"), std::string::npos);
}

TEST_F(Streams, AnExposedPathThatIsReadStreams) {
  EXPECT_NE(events(send("GET", "/w", "", "text=hi")).find(R"("text":"hi")"), std::string::npos);
}

TEST_F(Streams, FixedRoutesOfOtherMethodsStay) {
  EXPECT_NE(events(send("GET", "/search", "", "text=hi")).find(R"("text":"hi")"), std::string::npos);
  EXPECT_EQ(send("POST", "/search", R"({"data": [{"text": "a"}]})").status, 200);
  const auto plain = send("GET", "/index");
  EXPECT_EQ(plain.status, 405);
  EXPECT_EQ(header(plain, "allow"), "POST");
}

TEST_F(Streams, FailuresBeforeTheFirstEventAndAfterIt) {
  const auto raised = send("GET", "/boom", "", "text=a");
  EXPECT_EQ(raised.status, 499);
  EXPECT_EQ(raised.body.str(), R"j({"detail":"ValueError('boom')"})j");
  const auto down = send("GET", "/down");
  EXPECT_EQ(down.status, 503);
  EXPECT_EQ(down.body.str(), R"({"detail":"words is down"})");
  EXPECT_TRUE(events(send("GET", "/late", "", "text=a"))
                  .ends_with("event: error\r\ndata: {\"detail\":\"ValueError('boom')\",\"status\":499}\r\n\r\n"));
}

TEST_F(Streams, WrongInput) {
  EXPECT_EQ(send("GET", "/words", "[1").status, 422);
  EXPECT_EQ(send("GET", "/words", R"({"weight": "heavy"})").status, 422);
}

TEST_F(Streams, AnotherMethodIsRefusedWithTheOneThatWorks) {
  for (const char* method : {"POST", "HEAD", "DELETE"}) {
    const auto response = send(method, "/words", "{}");
    EXPECT_EQ(response.status, 405);
    EXPECT_EQ(header(response, "allow"), "GET");
    EXPECT_EQ(response.body.str(), R"({"detail":"Method Not Allowed: /words takes GET, not )" + std::string(method) + "\"}");
  }
}

TEST_F(Streams, WhatDoesNotStreamSaysWhatToDo) {
  const auto response = send("GET", "/plain");
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(response.body.str(),
            R"j({"detail":"'/plain' of Executor 'exec' does not stream its answer: its function is no generator. POST /post with )j"
            R"j({\"data\": [...], \"execEndpoint\": \"/plain\"}"})j");
  EXPECT_EQ(send("GET", "/changed").status, 400) << "it streamed when it was asked";
  EXPECT_EQ(send("POST", "/plain", "{}").status, 404) << "as before";
}

TEST_F(Streams, OtherPathsAreNotThere) {
  EXPECT_EQ(send("GET", "/nowhere").status, 404);
  EXPECT_EQ(send("POST", "/nowhere", "{}").body.str(), R"({"detail":"Not Found"})");
  EXPECT_EQ(header(send("GET", "/words/"), "location"), "http://gateway.test:8080/words");
}

TEST_F(Streams, AnExecutorThatCanNotBeAsked) {
  reachable = false;
  const auto response = send("GET", "/words");
  EXPECT_EQ(response.status, 503);
  EXPECT_EQ(response.body.str(), R"({"detail":"it is not known whether '/words' is there: exec at 127.0.0.1:1 is down"})");
  EXPECT_EQ(send("POST", "/words", "{}").status, 404);
  EXPECT_EQ(send("GET", "/index").status, 405);
}

TEST_F(Streams, DocumentsThatAreNotReadHere) {
  const auto response = send("GET", "/v2");
  EXPECT_EQ(response.status, 501);
  EXPECT_NE(response.body.str().find("docarray 0.30"), std::string::npos);
}

TEST_F(Streams, AreDescribed) {
  const auto document = boost::json::parse(send("GET", "/openapi.json").body.str());
  const auto& paths = document.at("paths").as_object();
  EXPECT_EQ(paths.at("/words").at("get").at("operationId"), "streaming_get_words_get");
  EXPECT_TRUE(paths.at("/words").at("get").at("responses").at("200").at("content").as_object().contains("text/event-stream"));
  EXPECT_TRUE(paths.at("/search").as_object().contains("get"));
  EXPECT_TRUE(paths.at("/search").as_object().contains("post"));
  EXPECT_FALSE(paths.contains("/plain"));
}

TEST_F(Streams, AClientThatIsGoneGivesTheStreamUp) {
  const auto response = send("GET", "/words", R"({"text": "one two"})");
  context->cancel(CancelReason::kClient);
  EXPECT_EQ(events(response), "");
}

}  // namespace
}  // namespace jina::gateway
