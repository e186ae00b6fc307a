#include <gtest/gtest.h>

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <optional>
#include <string>
#include <vector>

#include "executor/executor_handler.hpp"
#include "executor/fake_stream.hpp"
#include "jina.pb.h"

namespace jina {
namespace {

namespace asio = boost::asio;

// Streams of every kind; counts those that are over, whichever way.
class Streams : public Executor {
 public:
  void setup(Endpoints& on) override {
    on.add("/count", &Streams::count)
        .add("/waits", &Streams::waits)
        .add("/throws", &Streams::throws)
        .add("/stays", &Streams::stays)
        .add("/plain", &Streams::plain);
  }
  struct Over {
    explicit Over(int& to) : count(to) {}
    ~Over() { ++count; }
    int& count;
  };
  Generator<Document> count(const Document& doc, const Parameters& parameters) {
    const Over mark(over);
    const auto last = parameters.at("last").to_number<int>();
    for (int i = 0; i < last; ++i) {
      ++made;
      Document item({.text = doc.text() + std::to_string(i)});
      co_yield std::move(item);
    }
  }
  Generator<Document> waits(Document doc) {
    const Over mark(over);
    co_yield doc;
    co_await asio::post(asio::use_awaitable);
    co_yield doc;
  }
  Generator<Document> throws(const Document& doc) {
    co_yield doc;
    throw EndpointError("ValueError", {"boom", 42});
  }
  Generator<Document> stays(const Document& doc, RequestContext&) {
    const Over mark(over);
    co_yield doc;
    asio::steady_timer timer(co_await asio::this_coro::executor, SteadyTime::max());
    co_await timer.async_wait(asio::use_awaitable);
  }
  void plain() {}
  int over = 0;
  int made = 0;
};

class StreamDocTest : public testing::Test {
 protected:
  StreamDocTest() {
    auto executor = std::make_unique<Streams>();
    streams = executor.get();
    host =
        std::make_unique<ExecutorHost>(*io, std::move(executor), ExecutorNames{"s", "s/rep-0", "Streams"}, ExecutorRuntimeArgs{});
    EXPECT_TRUE(host->setup().ok());
    handler = std::make_unique<ExecutorHandler>(*host);
  }
  void ask(const std::string& endpoint, int last = 3) {
    SingleDocumentRequestProto request;
    request.mutable_header()->set_request_id("r1");
    request.mutable_header()->set_exec_endpoint(endpoint);
    request.mutable_document()->set_id("d");
    request.mutable_document()->set_text("in");
    (*request.mutable_parameters()->mutable_fields())["last"].set_number_value(last);
    handler->stream_doc(context, Buffer::copy_of(request.SerializeAsString()), stream);
  }
  SingleDocumentRequestProto item(std::size_t i) const {
    SingleDocumentRequestProto message;
    EXPECT_TRUE(message.ParseFromString(stream->written.at(i)));
    return message;
  }

  RequestContext context;
  std::optional<asio::io_context> io{std::in_place, 1};
  Streams* streams = nullptr;
  std::unique_ptr<ExecutorHost> host;
  std::unique_ptr<ExecutorHandler> handler;
  std::shared_ptr<FakeStream> stream = std::make_shared<FakeStream>();
};

TEST_F(StreamDocTest, EachDocumentIsAnItem) {
  ask("/count");
  EXPECT_EQ(host->in_flight(), 1U);
  io->run();
  ASSERT_EQ(stream->written.size(), 3U);
  EXPECT_EQ(item(2).document().text(), "in2");
  EXPECT_EQ(item(0).header().request_id(), "r1");
  EXPECT_TRUE(stream->status.has_value() && stream->status->ok());
  EXPECT_EQ(streams->over, 1);
  EXPECT_EQ(host->in_flight(), 0U);
}

TEST_F(StreamDocTest, GeneratorsMayWait) {
  ask("/waits");
  io->run();
  EXPECT_EQ(stream->written.size(), 2U);
  EXPECT_TRUE(stream->status.has_value() && stream->status->ok());
}

TEST_F(StreamDocTest, NothingIsAnEmptyStream) {
  ask("/count", 0);
  io->run();
  EXPECT_TRUE(stream->written.empty());
  EXPECT_TRUE(stream->status.has_value() && stream->status->ok());
}

TEST_F(StreamDocTest, AnExceptionIsTheLastItem) {
  ask("/throws");
  io->run();
  ASSERT_EQ(stream->written.size(), 2U);
  const auto last = item(1);
  EXPECT_EQ(last.header().status().code(), StatusProto::ERROR);
  EXPECT_EQ(last.header().status().description(), "ValueError('boom', 42)");
  EXPECT_EQ(last.header().status().exception().executor(), "Streams");
  EXPECT_EQ(last.document().text(), "in");
  EXPECT_TRUE(stream->status->ok());
}

TEST_F(StreamDocTest, NoMoreIsMadeThanThePeerTakes) {
  stream->slow = true;
  ask("/count", 1000);
  io->poll();
  EXPECT_EQ(streams->made, 1);
  stream->slow = false;
  std::exchange(stream->writable, nullptr)();
  io->run();
  EXPECT_EQ(stream->written.size(), 1000U);
  EXPECT_TRUE(stream->status.has_value());
}

TEST_F(StreamDocTest, CancellingEndsWhatTheGeneratorAwaits) {
  ask("/stays");
  io->poll();
  EXPECT_EQ(stream->written.size(), 1U);
  EXPECT_FALSE(stream->status.has_value());
  context.cancel(CancelReason::kClient);
  io->run();
  EXPECT_EQ(streams->over, 1);
  EXPECT_EQ(stream->written.size(), 1U) << "nobody is there to be told of the end";
  EXPECT_EQ(stream->status->code, StatusCode::kCancelled);
  EXPECT_EQ(host->in_flight(), 0U);
}

TEST_F(StreamDocTest, AStreamThatIsGoneEndsTheGenerator) {
  stream->gone = true;
  ask("/count", 1000);
  io->run();
  EXPECT_EQ(streams->made, 1);
  EXPECT_EQ(streams->over, 1);
}

TEST_F(StreamDocTest, TheIoContextMayGoFirst) {
  ask("/stays");
  io->poll();
  EXPECT_EQ(streams->over, 0);
  io.reset();
  EXPECT_EQ(streams->over, 1);
  EXPECT_EQ(host->in_flight(), 0U);
}

TEST_F(StreamDocTest, ASingleRequestForAGeneratorFails) {
  DataRequestProto request;
  request.mutable_header()->set_exec_endpoint("/count");
  request.mutable_data()->mutable_docs()->add_docs()->set_text("in");
  wire::Reply reply;
  handler->process_single_data(context, wire::DataRequest::parse(Buffer::copy_of(request.SerializeAsString())).value(),
                               [&](wire::Reply made) { reply = std::move(made); });
  io->run();
  DataRequestProto answer;
  ASSERT_TRUE(answer.ParseFromString(reply.response.serialize().str()));
  EXPECT_EQ(answer.header().status().exception().name(), "TypeError");
  EXPECT_NE(answer.header().status().description().find("stream_doc"), std::string::npos);
  EXPECT_EQ(answer.data().docs().docs_size(), 1);
}

}  // namespace
}  // namespace jina
