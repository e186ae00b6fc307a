// jina::AsyncClient and streams that break: what was answered is kept, the rest is sent again over a new stream.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <map>

#include "base/io_test_kit.hpp"
#include "jina/client.hpp"
#include "protocol/server/server.hpp"
#include "wire/data_request.hpp"

namespace jina {
namespace {

namespace asio = boost::asio;
using testing::Each;
using testing::HasSubstr;
using testing::SizeIs;

/// A gateway that echoes; its first stream ends with UNAVAILABLE at the request after `answers_of_the_first`, announced by an
/// answer with nothing but a request id, as Jina's gateway does it.
class BreakingGateway {
 public:
  explicit BreakingGateway(asio::io_context& io, int answers_of_the_first) : left_(answers_of_the_first) {
    table_.add_stream("/jina.JinaRPC/Call", [this](std::shared_ptr<grpc::ServerCall> stream) {
      metadata.push_back(stream->context().metadata);
      read(std::move(stream), static_cast<int>(metadata.size()));
    });
    server_ = std::make_unique<protocol::Server>(io, protocol::ServerOptions{.host = "127.0.0.1"}, &table_, nullptr);
    url = "grpc://127.0.0.1:" + std::to_string(server_->listen().value());
  }
  void stop() {
    server_->stop(std::chrono::milliseconds(0), [] {});
  }

  std::string url;
  std::vector<Metadata> metadata;  ///< of each stream
  std::map<std::string, int> answered;

 private:
  void read(std::shared_ptr<grpc::ServerCall> stream, int number) {
    grpc::ServerCall& from = *stream;
    from.read([this, stream = std::move(stream), number](std::optional<Buffer> message) mutable {
      if (!message) return stream->finish({}, {});
      auto request = wire::DataRequest::parse(*message).value();
      const std::string id(wire::parse_header(request.header.view()).value().request_id);
      if (number == 1 && left_-- == 0) {
        wire::DataRequest nothing;
        nothing.header = Bytes::take(wire::encode_header({.request_id = id}));
        nothing.has_header = true;
        stream->write(nothing.serialize());
        return stream->finish({StatusCode::kUnavailable, "the Executor is gone"}, {});
      }
      ++answered[id];
      stream->write(request.serialize());
      read(std::move(stream), number);
    });
  }

  int left_;
  grpc::ServiceTable table_;
  std::unique_ptr<protocol::Server> server_;
};

class ClientRetries : public testing::Test {
 protected:
  DocumentArray documents(int count) {
    DocumentArray docs;
    for (int i = 0; i < count; ++i) docs.push_back(Document{{.id = "d" + std::to_string(i)}});
    return docs;
  }
  /// The ids of the Documents that came back, or the failure.
  Result<std::vector<std::string>> ids_of(const std::string& url, Inputs inputs, PostOptions options) {
    AsyncClient client(io_, url);
    std::optional<Result<std::vector<std::string>>> result;
    asio::co_spawn(io_, gather(&client, std::move(inputs), std::move(options), &result), [this](std::exception_ptr error) {
      if (error) std::rethrow_exception(error);
      io_.stop();
    });
    io_.restart();
    io_.run();
    return std::move(*result);
  }
  static Task<void> gather(AsyncClient* client, Inputs inputs, PostOptions options,
                           std::optional<Result<std::vector<std::string>>>* result) {
    ResponseStream answers = client->stream("/", std::move(inputs), std::move(options));
    std::vector<std::string> ids;
    while (true) {
      auto answer = co_await answers.try_next();
      if (!answer) {
        result->emplace(answer.error());
        co_return;
      }
      if (!*answer) break;
      for (const auto& doc : (*answer)->docs) ids.push_back(doc.id);
    }
    result->emplace(std::move(ids));
  }

  asio::io_context io_{1};
};

PostOptions one_by_one(int attempts) {
  PostOptions options;
  options.request_size = 1;
  options.max_attempts = attempts;
  options.initial_backoff = std::chrono::milliseconds(1);
  return options;
}

TEST_F(ClientRetries, WhatHasNoAnswerIsSentAgain) {
  BreakingGateway gateway(io_, 3);
  auto options = one_by_one(2);
  options.results_in_order = true;
  options.metadata = {{"Who", "me"}};  // HTTP's way to write them
  const auto ids = ids_of(gateway.url, documents(20), options);
  ASSERT_TRUE(ids.ok()) << ids.error().message;
  ASSERT_THAT(*ids, SizeIs(20));
  for (int i = 0; i < 20; ++i) EXPECT_EQ((*ids)[static_cast<std::size_t>(i)], "d" + std::to_string(i));
  ASSERT_THAT(gateway.metadata, SizeIs(2));
  EXPECT_EQ(*find_value(gateway.metadata[1], "who"), "me");
  EXPECT_EQ(*find_value(gateway.metadata[1], "__results_in_order__"), "true");
  for (const auto& [id, count] : gateway.answered) EXPECT_EQ(count, 1) << id;
  gateway.stop();
}

TEST_F(ClientRetries, InputsThatComeOneByOneToo) {
  BreakingGateway gateway(io_, 3);
  auto options = one_by_one(2);
  options.prefetch = 4;
  int given = 0;
  Inputs source([&given]() -> std::optional<Document> {
    if (given == 20) return std::nullopt;
    return Document{{.id = "d" + std::to_string(given++)}};
  });
  const auto ids = ids_of(gateway.url, std::move(source), options);
  ASSERT_TRUE(ids.ok()) << ids.error().message;
  EXPECT_THAT(*ids, SizeIs(20));
  gateway.stop();
}

TEST_F(ClientRetries, WithoutAttemptsLeftTheFailureIsTold) {
  BreakingGateway gateway(io_, 0);
  const auto ids = ids_of(gateway.url, documents(3), one_by_one(1));
  ASSERT_FALSE(ids.ok());
  EXPECT_EQ(ids.error().to_string(), "UNAVAILABLE: the Executor is gone");
  gateway.stop();
}

}  // namespace
}  // namespace jina
