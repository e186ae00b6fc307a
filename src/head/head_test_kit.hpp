// For tests of heads: a head between a client and shards over real sockets, all on one I/O thread.
//
// Thread: the test's. Lifetime: of one test. Cancellation: everything is stopped at its end.
#pragma once
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/array.hpp>

#include "base/io_test_kit.hpp"
#include "document/document_codec.hpp"
#include "document/struct_codec.hpp"
#include "head/head_handler.hpp"
#include "integration/fake_executor.hpp"

namespace jina::head {

using jina::testing::FakeExecutor;
using namespace std::chrono_literals;

// A shard that writes its name into every Document and, when it has some, results into the parameters.
inline FakeExecutor::Behaviour marks(std::string name, bool results = false) {
  return [name, results](RequestContext&, wire::DataRequest request, wire::ReplyCallback done) {
    DocumentArray docs = decode_documents(*request.data).value();
    for (Document& doc : docs) {
      if (name == "s0") doc.set_text(name);
      doc.matches.push_back(Document{{.id = name}});
    }
    request.data = encode_documents(docs);
    if (results)
      request.parameters = Bytes::take(encode_struct(boost::json::object{{"p", 1}, {"__results__", {{name, {{"shard", name}}}}}}));
    std::string routes = request.routes.str();
    wire::append_route(routes, {.executor = name});
    request.routes = Bytes::take(std::move(routes));
    done({.response = std::move(request), .trailing = {{"from-" + name, "1"}}});
  };
}

inline FakeExecutor::Behaviour fails(StatusCode code) {
  return [code](RequestContext&, wire::DataRequest, wire::ReplyCallback done) { done({.status = {code, "fake details"}}); };
}

inline FakeExecutor::Behaviour raises(std::string text) {
  return [text](RequestContext&, wire::DataRequest request, wire::ReplyCallback done) {
    request.header = Bytes::take(wire::encode_header(
        {.request_id = "r", .status = wire::encode_error_status({.description = text, .exception_name = "ValueError"})}));
    done({.response = std::move(request), .trailing = {{"is-error", "true"}}});
  };
}

class HeadTest : public ::testing::Test {
 protected:
  void TearDown() override {
    context.cancel(CancelReason::kShutdown);
    if (channel) channel->close();
    if (server) server->stop(0ms, [] {});
    if (shards) shards->pool().close();
    for (const auto& executor : executors) executor->stop();
    io.restart();
    io.run_for(5s);
    EXPECT_TRUE(io.stopped()) << "something still runs";
  }

  FakeExecutor& executor(const std::string& name) {
    executors.push_back(std::make_unique<FakeExecutor>(io, name));
    executors.back()->on_request = marks(name);
    return *executors.back();
  }
  /// A shard of one replica.
  FakeExecutor& shard() {
    const std::string number = std::to_string(options.shards.size());
    FakeExecutor& made = executor("s" + number);
    options.shards[number] = boost::json::array{boost::json::string(made.address())};
    return made;
  }
  void dead_shard() {
    FakeExecutor& made = shard();
    bool stopped = false;
    made.stop([&] { stopped = true; });
    run_until(io, [&] { return stopped; });
  }
  void start() {
    options.retries = 0;
    auto made = Shards::make(io, options);
    ASSERT_TRUE(made.ok()) << made.error().message;
    shards = std::move(*made);
    handler = std::make_unique<HeadHandler>(*shards, Polling::parse(options.polling).value(), options.reduce);
    grpc::add_jina_services(table, *handler);
    server = std::make_unique<protocol::Server>(io, protocol::ServerOptions{.host = "127.0.0.1"}, &table, nullptr);
    channel = std::make_unique<grpc::Channel>(io, "127.0.0.1:" + std::to_string(server->listen().value()));
  }

  static wire::DataRequest request(const std::string& endpoint, const std::vector<std::string>& ids = {"a"}) {
    wire::DataRequest made;
    made.header = Bytes::take(wire::encode_header({.request_id = "r", .exec_endpoint = endpoint}));
    made.has_header = true;
    made.parameters = Bytes::take(encode_struct(boost::json::object{{"p", 1}}));
    std::string routes;
    wire::append_route(routes, {.executor = "gateway", .start_ns = 1'000'000});
    made.routes = Bytes::take(std::move(routes));
    DocumentArray docs;
    for (const std::string& id : ids) docs.push_back(Document{{.id = id}});
    made.data = encode_documents(docs);
    return made;
  }
  grpc::UnaryReply call(std::string_view path, Buffer message, Metadata metadata = {}, std::optional<SteadyTime> deadline = {}) {
    std::optional<grpc::UnaryReply> reply;
    grpc::CallOptions with;
    with.metadata = std::move(metadata);
    with.deadline = deadline;
    channel->unary(path, std::move(message), std::move(with), [&](grpc::UnaryReply got) { reply = std::move(got); });
    run_until(io, [&] { return reply.has_value(); });
    return reply ? std::move(*reply) : grpc::UnaryReply{};
  }
  grpc::UnaryReply post(const std::string& endpoint) {
    return call("/jina.JinaSingleDataRequestRPC/process_single_data", request(endpoint).serialize(), {{"endpoint", endpoint}});
  }

  static wire::DataRequest answer(const grpc::UnaryReply& reply) {
    EXPECT_TRUE(reply.status.ok()) << reply.status.to_string();
    return wire::DataRequest::parse(reply.message).value();
  }
  static DocumentArray docs(const wire::DataRequest& answer) { return decode_documents(answer.data.value_or(Buffer{})).value(); }
  static std::vector<std::string> matches(const grpc::UnaryReply& reply) {
    std::vector<std::string> ids;
    for (const Document& doc : docs(answer(reply)))
      for (const Document& match : doc.matches) ids.push_back(match.id);
    return ids;
  }
  static std::vector<std::string> routes(const wire::DataRequest& answer) {
    std::vector<std::string> names;
    wire::RouteReader reader(answer.routes.view());
    while (reader.next()) names.emplace_back(reader.route().executor);
    return names;
  }
  static std::string trailing(const grpc::UnaryReply& reply, std::string_view key) {
    const std::string* value = find_value(reply.trailing, key);
    return value == nullptr ? "" : *value;
  }

  boost::asio::io_context io{1};
  RequestContext context;
  HeadOptions options;
  std::vector<std::unique_ptr<FakeExecutor>> executors;
  std::unique_ptr<Shards> shards;
  std::unique_ptr<HeadHandler> handler;
  grpc::ServiceTable table;
  std::unique_ptr<protocol::Server> server;
  std::unique_ptr<grpc::Channel> channel;
};

}  // namespace jina::head
