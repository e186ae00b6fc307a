#include "executor/executor_handler.hpp"

#include <gmock/gmock.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <deque>
#include <fstream>
#include <future>
#include <sstream>

#include "conformance/executors/zoo.cpp"
#include "document/struct_codec.hpp"
#include "executor/fake_stream.hpp"
#include "jina.pb.h"

namespace jina {
namespace {

// Plain functions that the test holds back, and a coroutine that waits for ever.
class Gated : public Executor {
 public:
  explicit Gated(std::shared_future<void> gate) : gate_(std::move(gate)) {}
  void setup(Endpoints& on) override {
    on.add("/wait", &Gated::wait).add("/forever", &Gated::forever).add("/throw", &Gated::raise);
  }
  void wait(DocumentArray& docs) {
    gate_.wait();
    ++calls;
    for (Document& doc : docs) doc.set_text("done");
  }
  Task<> forever() {
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, SteadyTime::max());
    co_await timer.async_wait(boost::asio::use_awaitable);
  }
  Task<> raise() {
    throw std::out_of_range("too far");
    co_return;
  }
  std::atomic<int> calls = 0;

 private:
  std::shared_future<void> gate_;
};

class HandlerTest : public testing::Test {
 protected:
  void use(std::unique_ptr<Executor> executor, std::size_t max_waiting = 100) {
    host = std::make_unique<ExecutorHost>(io, std::move(executor), ExecutorNames{"zoo", "zoo", "Zoo"},
                                          ExecutorRuntimeArgs{.name = "zoo"}, max_waiting);
    ASSERT_TRUE(host->setup().ok());
    handler = std::make_unique<ExecutorHandler>(*host);
  }
  void use_zoo() {
    Registry registry;
    jina_module()->add_classes(registry);
    use(registry.make<Executor>("Zoo", {}).value());
  }

  std::unique_ptr<wire::Reply> start(const std::string& message) {
    auto reply = std::make_unique<wire::Reply>();
    reply->status = {StatusCode::kUnknown, "no reply"};
    handler->process_single_data(context, wire::DataRequest::parse(Buffer::copy_of(message)).value(),
                                 [to = reply.get()](wire::Reply made) { *to = std::move(made); });
    return reply;
  }
  wire::Reply process(const std::string& message) {
    const auto reply = start(message);
    io.restart();
    io.run();
    return std::move(*reply);
  }

  RequestContext context;
  boost::asio::io_context io{1};
  std::unique_ptr<ExecutorHost> host;
  std::unique_ptr<ExecutorHandler> handler;
};

std::string golden(const std::string& name) {
  std::ifstream in(std::string(JINA_CONFORMANCE_FOLDER) + "/" + name, std::ios::binary);
  EXPECT_TRUE(in) << name;
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

template <class Message>
Message parse(const std::string& bytes) {
  Message message;
  EXPECT_TRUE(message.ParseFromString(bytes));
  return message;
}

// Both as protobuf reads them; stacks are left out.
void expect_same(const std::string& got, const std::string& expected) {
  auto a = parse<DataRequestProto>(got);
  auto b = parse<DataRequestProto>(expected);
  for (auto* message : {&a, &b}) {
    if (message->header().has_status()) message->mutable_header()->mutable_status()->mutable_exception()->clear_stacks();
  }
  EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(a, b)) << a.DebugString() << "\nexpected:\n" << b.DebugString();
}

std::string request(const std::string& endpoint, const std::string& text = "hello", const std::string& id = "req-1") {
  DataRequestProto message;
  message.mutable_header()->set_request_id(id);
  message.mutable_header()->set_exec_endpoint(endpoint);
  auto* doc = message.mutable_data()->mutable_docs()->add_docs();
  doc->set_id("d1");
  doc->set_text(text);
  return message.SerializeAsString();
}

// ---- recorded traffic

class GoldenTest : public HandlerTest, public testing::WithParamInterface<const char*> {
 protected:
  GoldenTest() { use_zoo(); }
};

TEST_P(GoldenTest, SingleRequest) {
  const std::string name = GetParam();
  const wire::Reply reply = process(golden(name + ".req.bin"));
  ASSERT_TRUE(reply.status.ok()) << reply.status.message;
  const std::string expected = golden(name + ".resp.bin");
  expect_same(reply.response.serialize().str(), expected);
  const bool is_error = parse<DataRequestProto>(expected).header().status().code() == StatusProto::ERROR;
  EXPECT_EQ(reply.trailing, is_error ? (Metadata{{"is-error", "true"}}) : Metadata{});
}

INSTANTIATE_TEST_SUITE_P(
    Recorded, GoldenTest,
    testing::Values("golden/executor/x_single", "golden/executor/x_error", "golden/executor/x_dry_run_request",
                    "executors/golden/text_upper", "executors/golden/several_docs", "executors/golden/unicode",
                    "executors/golden/blob", "executors/golden/tensor_bool", "executors/golden/tensor_u8_3d",
                    "executors/golden/tensor_list", "executors/golden/tensor_empty", "executors/golden/sparse_passthrough",
                    "executors/golden/mime_guess", "executors/golden/scalars_location", "executors/golden/embedding_out",
                    "executors/golden/new_docs", "executors/golden/returns_empty", "executors/golden/bad_return",
                    "executors/golden/params_results", "executors/golden/params_nested", "executors/golden/params_specific",
                    "executors/golden/endpoint_not_bound", "executors/golden/endpoint_unset", "executors/golden/docs_bytes",
                    "executors/golden/no_data", "executors/golden/routes_in_request", "executors/golden/unknown_field",
                    "executors/golden/tags_nested", "executors/golden/chunks_matches", "executors/golden/scores_evaluations",
                    "executors/golden/dry_run", "executors/golden/error"),
    [](const auto& info) {
      std::string name = std::string(info.param).substr(std::string(info.param).rfind('/') + 1);
      for (char& c : name) c = std::isalnum(static_cast<unsigned char>(c)) ? c : '_';
      return name;
    });

TEST_F(HandlerTest, RecordedProcessData) {
  use_zoo();
  std::vector<wire::DataRequest> requests;
  const auto list = parse<DataRequestListProto>(golden("golden/executor/x_data.req.bin"));
  for (const DataRequestProto& each : list.requests())
    requests.push_back(wire::DataRequest::parse(Buffer::copy_of(each.SerializeAsString())).value());
  wire::Reply reply;
  handler->process_data(context, std::move(requests), [&](wire::Reply made) { reply = std::move(made); });
  io.run();
  expect_same(reply.response.serialize().str(), golden("golden/executor/x_data.resp.bin"));
}

TEST_F(HandlerTest, RecordedCall) {
  use_zoo();
  const auto stream = std::make_shared<FakeStream>();
  for (const char* name : {"golden/executor/x_call.req.0.bin", "golden/executor/x_call.req.1.bin"})
    stream->incoming.push_back(Buffer::copy_of(golden(name)));
  stream->incoming.emplace_back(std::nullopt);
  handler->call(context, stream);
  io.run();
  ASSERT_EQ(stream->written.size(), 2U);
  expect_same(stream->written[0], golden("golden/executor/x_call.resp.0.bin"));
  expect_same(stream->written[1], golden("golden/executor/x_call.resp.1.bin"));
  ASSERT_TRUE(stream->status.has_value());
  EXPECT_TRUE(stream->status->ok());
}

TEST_F(HandlerTest, RecordedEndpointDiscovery) {
  use_zoo();
  std::string got;
  handler->endpoint_discovery(context, [&](Result<Buffer> result) { got = result.value().str(); });
  auto ours = parse<EndpointsProto>(got);
  auto recorded = parse<EndpointsProto>(golden("golden/executor/x_endpoints.resp.bin"));
  const auto& paths = recorded.endpoints();
  EXPECT_EQ(std::vector<std::string>(ours.endpoints().begin(), ours.endpoints().end()),
            std::vector<std::string>(paths.begin(), paths.end()));
  // Keys come in any order, here and there: compared as JSON objects.
  const auto ours_json = decode_struct(ours.schemas().SerializeAsString()).value();
  const auto recorded_json = decode_struct(recorded.schemas().SerializeAsString()).value();
  EXPECT_EQ(ours_json.at("/upper").at("input").at("model").at("definitions").at("PydanticDocument").at("properties"),
            recorded_json.at("/upper").at("input").at("model").at("definitions").at("PydanticDocument").at("properties"));
  EXPECT_EQ(ours_json, recorded_json);
}

TEST_F(HandlerTest, RecordedStreamDocOfAnEndpointThatIsNoGenerator) {
  use_zoo();
  const auto stream = std::make_shared<FakeStream>();
  handler->stream_doc(context, Buffer::copy_of(golden("executors/golden/stream_doc_not_generator.req.bin")), stream);
  ASSERT_EQ(stream->written.size(), 1U);
  const auto got = parse<SingleDocumentRequestProto>(stream->written[0]);
  const auto expected = parse<SingleDocumentRequestProto>(golden("executors/golden/stream_doc_not_generator.resp.bin"));
  EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(got, expected)) << got.DebugString();
  EXPECT_TRUE(stream->status.has_value() && stream->status->ok());
}

TEST_F(HandlerTest, StreamDocOfAnEndpointThatIsNotBoundGivesTheDocumentBack) {
  use_zoo();
  const auto stream = std::make_shared<FakeStream>();
  const std::string sent = golden("golden/grpc/stream_doc_not_bound.req.bin");
  handler->stream_doc(context, Buffer::copy_of(sent), stream);
  ASSERT_EQ(stream->written.size(), 1U);
  EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(parse<SingleDocumentRequestProto>(stream->written[0]),
                                                                 parse<SingleDocumentRequestProto>(sent)));
}

// ---- what recordings do not show

TEST_F(HandlerTest, MalformedDocumentsAreRefused) {
  use_zoo();
  wire::DataRequest request = wire::DataRequest::parse(Buffer::copy_of(jina::request("/echo"))).value();
  request.data = Buffer::copy_of("\x0a\xff");
  EXPECT_EQ(process(request.serialize().str()).status.code, StatusCode::kInvalidArgument);
}

TEST_F(HandlerTest, DocumentsThatOnlyPythonReadsAreRefusedByABoundEndpoint) {
  use_zoo();
  DataRequestProto message = parse<DataRequestProto>(request("/echo"));
  message.mutable_data()->set_docs_bytes("pickle");
  const wire::Reply reply = process(message.SerializeAsString());
  EXPECT_EQ(reply.status.code, StatusCode::kInvalidArgument);
  EXPECT_THAT(reply.status.message, testing::HasSubstr("docs_bytes"));
}

TEST_F(HandlerTest, AnEmptyListIsRefused) {
  use_zoo();
  Status status;
  handler->process_data(context, {}, [&](wire::Reply reply) { status = reply.status; });
  EXPECT_EQ(status.code, StatusCode::kInvalidArgument);
}

TEST_F(HandlerTest, CoroutinesInterleave) {
  use_zoo();
  DataRequestProto slow = parse<DataRequestProto>(request("/sleep"));
  (*slow.mutable_parameters()->mutable_fields())["seconds"].set_number_value(0.02);
  const auto first = start(slow.SerializeAsString());
  const auto second = start(request("/upper"));
  EXPECT_EQ(host->in_flight(), 2U);
  while (!second->status.ok()) io.run_one();
  EXPECT_FALSE(first->status.ok()) << "the plain function waited for the coroutine";
  io.run();
  EXPECT_TRUE(first->status.ok());
  EXPECT_EQ(host->in_flight(), 0U);
}

TEST_F(HandlerTest, ExceptionsOfCoroutinesAreErrorsOfTheExecutor) {
  use(std::make_unique<Gated>(std::shared_future<void>{}));
  const wire::Reply reply = process(request("/throw"));
  ASSERT_TRUE(reply.status.ok());
  const auto status = parse<DataRequestProto>(reply.response.serialize().str()).header().status();
  EXPECT_EQ(status.description(), "std::out_of_range('too far')");
  EXPECT_EQ(status.exception().executor(), "Zoo");
}

TEST_F(HandlerTest, CancellingEndsWhatACoroutineAwaits) {
  use(std::make_unique<Gated>(std::shared_future<void>{}));
  const auto reply = start(request("/forever"));
  io.poll();
  EXPECT_EQ(host->in_flight(), 1U);
  context.cancel(CancelReason::kClient);
  io.run();
  EXPECT_EQ(host->in_flight(), 0U);
}

TEST_F(HandlerTest, ACancelledRequestThatWaitsIsNotRun) {
  std::promise<void> gate;
  auto executor = std::make_unique<Gated>(gate.get_future().share());
  const Gated& gated = *executor;
  use(std::move(executor));
  const auto running = start(request("/wait"));
  RequestContext other;
  wire::Reply reply;
  handler->process_single_data(other, wire::DataRequest::parse(Buffer::copy_of(request("/wait"))).value(),
                               [&](wire::Reply made) { reply = std::move(made); });
  other.cancel(CancelReason::kDeadline);
  gate.set_value();
  io.run();
  EXPECT_TRUE(running->status.ok());
  EXPECT_EQ(reply.status.code, StatusCode::kDeadlineExceeded);
  EXPECT_EQ(gated.calls, 1);
}

TEST_F(HandlerTest, TheQueueIsBounded) {
  std::promise<void> gate;
  use(std::make_unique<Gated>(gate.get_future().share()), 2);
  std::vector<std::unique_ptr<wire::Reply>> replies;
  for (int i = 0; i < 4; ++i) replies.push_back(start(request("/wait")));
  // One may be running and two wait; the fourth never fits.
  EXPECT_EQ(replies.back()->status.code, StatusCode::kResourceExhausted);
  EXPECT_THAT(replies.back()->status.message, testing::HasSubstr("2 requests wait already"));
  gate.set_value();
  io.run();
  EXPECT_TRUE(replies.front()->status.ok());
}

TEST_F(HandlerTest, IdleIsToldWhenTheLastReplyIsOut) {
  std::promise<void> gate;
  use(std::make_unique<Gated>(gate.get_future().share()));
  bool idle = false;
  host->when_idle([&] { idle = true; });
  EXPECT_TRUE(std::exchange(idle, false));
  const auto reply = start(request("/wait"));
  host->when_idle([&] { idle = reply->status.ok(); });
  EXPECT_FALSE(idle);
  gate.set_value();
  io.run();
  EXPECT_TRUE(idle);
}

TEST_F(HandlerTest, CallAnswersInOrderOfCompletionAndEndsAfterTheLast) {
  use_zoo();
  const auto stream = std::make_shared<FakeStream>();
  DataRequestProto slow = parse<DataRequestProto>(request("/sleep", "slow", "slow"));
  (*slow.mutable_parameters()->mutable_fields())["seconds"].set_number_value(0.02);
  stream->incoming.push_back(Buffer::copy_of(slow.SerializeAsString()));
  stream->incoming.push_back(Buffer::copy_of(request("/upper", "fast", "fast")));
  stream->incoming.emplace_back(std::nullopt);
  handler->call(context, stream);
  EXPECT_FALSE(stream->status.has_value());
  io.run();
  ASSERT_EQ(stream->written.size(), 2U);
  EXPECT_EQ(parse<DataRequestProto>(stream->written[0]).header().request_id(), "fast");
  EXPECT_EQ(parse<DataRequestProto>(stream->written[1]).header().request_id(), "slow");
  EXPECT_TRUE(stream->status.has_value() && stream->status->ok());
}

TEST_F(HandlerTest, CallGoesOnAfterAnErrorOfTheExecutor) {
  use_zoo();
  const auto stream = std::make_shared<FakeStream>();
  for (const char* endpoint : {"/fail", "/upper"}) stream->incoming.push_back(Buffer::copy_of(request(endpoint)));
  stream->incoming.emplace_back(std::nullopt);
  handler->call(context, stream);
  io.run();
  EXPECT_EQ(stream->written.size(), 2U);
  EXPECT_TRUE(stream->status.has_value() && stream->status->ok());
}

TEST_F(HandlerTest, CallEndsWithTheStatusOfAMalformedMessage) {
  use_zoo();
  const auto stream = std::make_shared<FakeStream>();
  stream->incoming.push_back(Buffer::copy_of(request("/upper")));
  stream->incoming.push_back(Buffer::copy_of("\xff\xff"));
  handler->call(context, stream);
  io.run();
  EXPECT_EQ(stream->written.size(), 1U) << "what was asked before is answered";
  ASSERT_TRUE(stream->status.has_value());
  EXPECT_EQ(stream->status->code, StatusCode::kInvalidArgument);
}

TEST_F(HandlerTest, CallReadsOnlySoFarAhead) {
  std::promise<void> gate;
  use(std::make_unique<Gated>(gate.get_future().share()), 1000);
  const auto stream = std::make_shared<FakeStream>();
  for (int i = 0; i < 400; ++i) stream->incoming.push_back(Buffer::copy_of(request("/wait")));
  stream->incoming.emplace_back(std::nullopt);
  handler->call(context, stream);
  EXPECT_EQ(stream->incoming.size(), 401U - 256U);
  gate.set_value();
  io.run();
  EXPECT_EQ(stream->written.size(), 400U);
  EXPECT_TRUE(stream->status.has_value() && stream->status->ok());
}

class Closing : public Executor {
 public:
  explicit Closing(int& closed) : closed_(closed) {}
  void setup(Endpoints&) override { throw std::runtime_error("no model"); }
  void close() override { ++closed_; }

 private:
  int& closed_;
};

TEST(ExecutorHost, SetupThatThrowsAndCloseOnce) {
  boost::asio::io_context io;
  int closed = 0;
  {
    ExecutorHost host(io, std::make_unique<Closing>(closed), {"a", "a/rep-0", "Closing"}, {});
    const Status status = host.setup();
    EXPECT_EQ(status.message, "Executor 'Closing': setup() failed: no model");
    host.close();
  }
  EXPECT_EQ(closed, 1);
}

}  // namespace
}  // namespace jina
