// The public GatewayStreamer against Executors over real sockets: what user code sees of it.
#include "jina/streamer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/json/parse.hpp>

#include "integration/streamer_test_kit.hpp"

namespace jina {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;

using testing::StreamerTest;

TEST_F(StreamerTest, StreamDocsGivesTheDocumentsOfEveryRequest) {
  make();
  std::vector<std::size_t> sizes;
  run([&]() -> Task<void> {
    DocsStream docs = streamer->stream_docs(texts(5), {.exec_endpoint = "/go", .request_size = 2, .results_in_order = true});
    while (auto some = co_await docs.next()) sizes.push_back(some->size());
  });
  EXPECT_THAT(sizes, ElementsAre(2, 2, 1));
  EXPECT_EQ(executor.calls, 3);
  EXPECT_EQ(wire::parse_header(executor.last_request.header.view()).value().exec_endpoint, "/go");
}

TEST_F(StreamerTest, NoDocumentsIsNoRequest) {
  make();
  run([&]() -> Task<void> {
    DocsStream docs = streamer->stream_docs({});
    EXPECT_EQ(co_await docs.next(), std::nullopt);
  });
  EXPECT_EQ(executor.calls, 0);
}

TEST_F(StreamerTest, ResponsesCarryParametersRoutesAndTheRequestId) {
  make();
  run([&]() -> Task<void> {
    StreamOptions options{.exec_endpoint = "/go", .request_id = "mine"};
    options.parameters["top_k"] = 3;
    ResponseStream responses = streamer->stream(texts(1), std::move(options));
    const std::optional<Response> response = co_await responses.next();
    EXPECT_TRUE(response.has_value());
    if (!response) co_return;
    EXPECT_EQ(response->request_id, "mine");
    EXPECT_EQ(response->exec_endpoint, "/go");
    EXPECT_EQ(response->parameters.at("top_k").to_number<double>(), 3);
    EXPECT_FALSE(response->error);
    std::vector<std::string> routes;
    for (const ResponseRoute& route : response->routes) routes.push_back(route.executor);
    EXPECT_THAT(routes, UnorderedElementsAre("gateway", "a"));
    EXPECT_EQ(co_await responses.next(), std::nullopt);
  });
}

TEST_F(StreamerTest, InOrderThoughTheLastIsAnsweredFirst) {
  std::vector<wire::DataRequest> held;
  std::vector<wire::ReplyCallback> waiting;
  executor.on_request = [&](RequestContext&, wire::DataRequest request, wire::ReplyCallback done) {
    held.push_back(std::move(request));
    waiting.push_back(std::move(done));
    if (waiting.size() < 3) return;
    for (std::size_t i = waiting.size(); i-- > 0;) waiting[i]({.response = std::move(held[i])});
  };
  make();
  std::vector<std::string> in_order;
  run([&]() -> Task<void> {
    DocsStream docs = streamer->stream_docs(texts(3), {.request_size = 1, .results_in_order = true});
    while (auto some = co_await docs.next()) in_order.push_back(std::string(some->front().text()));
  });
  EXPECT_THAT(in_order, ElementsAre("t0", "t1", "t2"));
}

TEST_F(StreamerTest, AnExecutorsExceptionIsInTheResponse) {
  executor.on_request = [&](RequestContext&, wire::DataRequest request, wire::ReplyCallback done) {
    // Header{status{code: ERROR, description: "broken", exception{name: "ValueError"}}}
    std::string header = request.header.str();
    header.append(
        "\x12\x18\x08\x01\x12\x06"
        "broken"
        "\x1a\x0c\x0a\x0a"
        "ValueError",
        26);
    request.header = Bytes::take(std::move(header));
    done({.response = std::move(request)});
  };
  make();
  run([&]() -> Task<void> {
    ResponseStream responses = streamer->stream(texts(2));
    const std::optional<Response> response = co_await responses.next();
    EXPECT_TRUE(response && response->error);
    if (!response || !response->error) co_return;
    EXPECT_EQ(response->error->name, "ValueError");
    EXPECT_EQ(response->error->description, "broken");
    EXPECT_EQ(response->docs.size(), 2u);
  });
}

TEST_F(StreamerTest, AFailureIsThrownOnceAndTheOtherAnswersCanStillBeRead) {
  executor.on_request = [&](RequestContext&, wire::DataRequest request, wire::ReplyCallback done) {
    if (executor.calls == 1) return done({.status = {StatusCode::kResourceExhausted, "full"}});
    done({.response = std::move(request)});
  };
  make();
  run([&]() -> Task<void> {
    ResponseStream responses = streamer->stream(texts(2), {.request_size = 1, .results_in_order = true});
    std::string message;
    try {
      (void)co_await responses.next();
    } catch (const RequestFailed& failed) {
      message = failed.what();
      EXPECT_EQ(failed.status().code, StatusCode::kUnknown);  // as Jina's gateway says it to its clients
    }
    EXPECT_THAT(message, HasSubstr("full"));
    EXPECT_TRUE((co_await responses.next()).has_value());
    EXPECT_FALSE((co_await responses.next()).has_value());
  });
}

TEST_F(StreamerTest, DestroyingAStreamCancelsWhatIsInFlight) {
  wire::ReplyCallback held;
  bool cancelled = false;
  std::optional<RequestContext::Registration> registration;
  executor.on_request = [&](RequestContext& context, wire::DataRequest, wire::ReplyCallback done) {
    held = std::move(done);
    registration = context.on_cancel([&](CancelReason) {
      cancelled = true;
      registration.reset();  // the answer ends the context
      held({.status = {StatusCode::kCancelled, "gone"}});
    });
  };
  make();
  std::optional<ResponseStream> responses(streamer->stream(texts(1)));
  const auto ask = [&]() -> Task<void> {
    (void)co_await responses->try_next();
    ADD_FAILURE() << "nobody is left to be answered";
  };
  boost::asio::co_spawn(io, ask, boost::asio::detached);
  const auto wait_for = [&](auto what) {
    const auto deadline = std::chrono::steady_clock::now() + 10s;
    while (!what() && std::chrono::steady_clock::now() < deadline) {
      io.restart();
      io.run_one_for(100ms);
    }
    EXPECT_TRUE(what());
  };
  wait_for([&] { return executor.calls == 1; });
  responses.reset();
  wait_for([&] { return cancelled; });
}

TEST_F(StreamerTest, TheCallersDeadlineApplies) {
  make();
  run([&]() -> Task<void> {
    RequestContext context;
    context.deadline = std::chrono::steady_clock::now() + 5s;
    ResponseStream responses = streamer->stream(texts(1), {.context = &context});
    EXPECT_TRUE((co_await responses.next()).has_value());
  });
  EXPECT_TRUE(executor.last_had_deadline);
}

TEST_F(StreamerTest, ProcessSingleDataCarriesBytes) {
  make();
  run([&]() -> Task<void> {
    wire::DataRequest request;
    request.header = Bytes::take(wire::encode_header({.request_id = "raw", .exec_endpoint = "/go"}));
    request.has_header = true;
    Result<Bytes> answer = co_await streamer->process_single_data(request.serialize().flatten());
    EXPECT_TRUE(answer.ok());
    if (!answer) co_return;
    Result<wire::DataRequest> parsed = wire::DataRequest::parse(Buffer(*answer));
    EXPECT_EQ(wire::parse_header(parsed.value().header.view()).value().request_id, "raw");
    const Bytes broken = Bytes::copy_of("\x0a\x05");
    Result<Bytes> refused = co_await streamer->process_single_data(broken);
    EXPECT_EQ(refused.status().code, StatusCode::kInvalidArgument);
  });
}

TEST(StreamerOptionsTest, ReadsTheEnvironmentsJson) {
  const auto options = StreamerOptions::from_json(
      R"({"graph_representation": {"start-gateway": ["a"]}, "executor_addresses": {"a": ["grpc://1.2.3.4:5"]}, "graph_conditions": {},
          "deployments_metadata": {"a": {"k": "v"}}, "deployments_no_reduce": ["a"], "timeout_send": 1.5, "retries": -1,
          "compression": null, "runtime_name": "gateway", "prefetch": 7, "logger": null, "something_new": [1]})");
  ASSERT_TRUE(options.ok()) << options.status().message;
  EXPECT_EQ(options->timeout_send, 1500ms);
  EXPECT_EQ(options->prefetch, 7);
  EXPECT_EQ(options->retries, -1);
  EXPECT_EQ(options->deployments_no_reduce.size(), 1u);
  EXPECT_THAT(StreamerOptions::from_json("[").status().message, HasSubstr("JINA_STREAMER_ARGS"));
  EXPECT_THAT(StreamerOptions::from_json(R"({"retries": "x"})").status().message, HasSubstr("\"retries\""));
}

TEST(StreamerOptionsTest, WrongOnesThrowWithTheName) {
  boost::asio::io_context io;
  StreamerOptions options;
  options.graph_representation = boost::json::parse(R"({"start-gateway": ["a"], "a": ["end-gateway"]})").as_object();
  options.executor_addresses["a"] = boost::json::array{"not an address:x"};
  EXPECT_THROW(GatewayStreamer(io, options), std::invalid_argument);
  options.executor_addresses["a"] = boost::json::array{"grpc://127.0.0.1:1"};
  options.compression = "zip";
  EXPECT_THROW(GatewayStreamer(io, options), std::invalid_argument);
}

}  // namespace
}  // namespace jina
