// GatewayStreamer beyond stream_docs: everything at once, one Executor, generators, rpc_stream, other threads, other processes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/detached.hpp>
#include <boost/json/serialize.hpp>
#include <cstdlib>
#include <future>
#include <thread>

#include "base/thread_end.hpp"
#include "document/document_codec.hpp"
#include "integration/streamer_test_kit.hpp"
#include "jina/blocking.hpp"

namespace jina {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using testing::FakeExecutor;
using ::testing::HasSubstr;

class StreamerCallsTest : public testing::StreamerTest {
 protected:
  /// Answers when `count` requests are there, the last one first.
  void answer_backwards(std::size_t count) {
    executor.on_request = [this, count](RequestContext&, wire::DataRequest request, wire::ReplyCallback done) {
      held.push_back(std::move(request));
      waiting.push_back(std::move(done));
      if (waiting.size() < count) return;
      for (std::size_t i = waiting.size(); i-- > 0;) waiting[i]({.response = std::move(held[i])});
    };
  }

  /// Keeps every request until it is cancelled.
  void never_answer() {
    executor.on_request = [this](RequestContext& context, wire::DataRequest, wire::ReplyCallback done) {
      waiting.push_back(std::move(done));
      const std::size_t number = waiting.size() - 1;
      registrations.push_back(context.on_cancel([this, number](CancelReason) {
        ++cancelled;
        registrations[number].reset();
        waiting[number]({.status = {StatusCode::kCancelled, "gone"}});
      }));
    };
  }

  /// As a gateway does it for the programs that it starts.
  void set_environment() {
    boost::json::object arguments;
    arguments["graph_representation"] = options_for("").graph_representation;
    arguments["executor_addresses"] = options_for(executor.address()).executor_addresses;
    ::setenv("JINA_STREAMER_ARGS", boost::json::serialize(arguments).c_str(), 1);
  }

  Bytes request(const std::string& id) {
    wire::DataRequest made;
    made.header = Bytes::take(wire::encode_header({.request_id = id, .exec_endpoint = "/go"}));
    made.has_header = true;
    made.data = encode_documents(texts(1));
    return made.serialize().flatten();
  }
  static std::string id_of(const Bytes& answer) {
    Result<wire::DataRequest> parsed = wire::DataRequest::parse(Buffer(answer));
    return std::string(wire::parse_header(parsed.value().header.view()).value().request_id);
  }

  /// What `body` throws, as text.
  std::string thrown_by(std::function<Task<void>()> body) {
    std::string text = "nothing";
    run([&]() -> Task<void> {
      try {
        co_await body();
      } catch (const RequestFailed& error) {
        text = std::string("RequestFailed: ") + error.what();
      } catch (const ExecutorFailed& error) {
        text = std::string("ExecutorFailed: ") + error.what() + " " + error.error().name;
      } catch (const std::exception& error) {
        text = error.what();
      }
    });
    return text;
  }

  std::vector<wire::DataRequest> held;
  std::vector<wire::ReplyCallback> waiting;
  std::vector<RequestContext::Registration> registrations;
  int cancelled = 0;
};

TEST_F(StreamerCallsTest, PostGivesAllDocumentsInTheOrderOfTheInput) {
  answer_backwards(3);
  make();
  run([&]() -> Task<void> {
    const StreamOptions options{.request_size = 2};
    const DocumentArray docs = co_await streamer->post(texts(5), options);
    EXPECT_THAT(texts_of(docs), ElementsAre("t0", "t1", "t2", "t3", "t4"));
  });
  EXPECT_EQ(executor.calls, 3);
}

TEST_F(StreamerCallsTest, PostThrowsWhatAnExecutorRaised) {
  executor.on_request = [](RequestContext&, wire::DataRequest request, wire::ReplyCallback done) {
    done({.response = failed(std::move(request))});
  };
  make();
  EXPECT_EQ(thrown_by([&]() -> Task<void> { (void)co_await streamer->post(texts(2)); }),
            "ExecutorFailed: an Executor raised broken ValueError");
  EXPECT_EQ(thrown_by([&]() -> Task<void> { (void)co_await streamer->executor("a").post(texts(2)); }),
            "ExecutorFailed: an Executor raised broken ValueError");
  run([&]() -> Task<void> {
    const ExecutorPostOptions keep{.raise = false};
    const DocumentArray docs = co_await streamer->executor("a").post(texts(2), keep);
    EXPECT_THAT(texts_of(docs), ElementsAre("t0", "t1"));
  });
}

TEST_F(StreamerCallsTest, OneExecutorGetsItsBatchesAtTheSameTimePastTheGraph) {
  FakeExecutor other(io, "b");
  StreamerOptions options = options_for(executor.address());
  options.graph_representation = boost::json::parse(R"({"start-gateway": ["b"], "b": ["a"], "a": ["end-gateway"]})").as_object();
  options.executor_addresses["b"] = boost::json::array{boost::json::string(other.address())};
  streamer.emplace(io, options);
  EXPECT_THAT(streamer->executors(), ElementsAre("a", "b"));
  answer_backwards(3);  // nothing is answered before all of them are there
  run([&]() -> Task<void> {
    ExecutorPostOptions with{.on = "/index", .request_size = 2};
    with.parameters["top_k"] = 3;
    with.parameters["b__top_k"] = 4;  // nobody looks for names of Executors in there
    const DocumentArray docs = co_await streamer->executor("a").post(texts(5), std::move(with));
    EXPECT_THAT(texts_of(docs), ElementsAre("t0", "t1", "t2", "t3", "t4"));
  });
  EXPECT_EQ(executor.calls, 3);
  EXPECT_EQ(other.calls, 0);
  const wire::HeaderView header = wire::parse_header(executor.last_request.header.view()).value();
  EXPECT_EQ(header.exec_endpoint, "/index");
  EXPECT_EQ(header.target_executor, "a");
  ASSERT_NE(find_value(executor.last_metadata, "endpoint"), nullptr);
  EXPECT_EQ(*find_value(executor.last_metadata, "endpoint"), "/index");
  EXPECT_THAT(std::string(executor.last_request.parameters->view()), HasSubstr("b__top_k"));
  other.stop();
  run_until([&] { return executor.calls == 3; });
}

TEST_F(StreamerCallsTest, AnExecutorThatIsNotInTheFlowIsAMistakeOfTheCaller) {
  make();
  try {
    (void)streamer->executor("ranker");
    ADD_FAILURE() << "there is no ranker";
  } catch (const std::out_of_range& error) {
    EXPECT_STREQ(error.what(), "the Flow has no Executor 'ranker' (there are: a)");
  }
}

TEST_F(StreamerCallsTest, AnExecutorThatIsNotThereIsNamedWithItsAddress) {
  streamer.emplace(io, options_for("127.0.0.1:1"));
  for (const bool through_graph : {true, false}) {
    const std::string text = thrown_by([&, through_graph]() -> Task<void> {
      if (through_graph) {
        (void)co_await streamer->post(texts(1));
      } else {
        (void)co_await streamer->executor("a").post(texts(1));
      }
    });
    EXPECT_THAT(text, HasSubstr("RequestFailed: UNAVAILABLE"));
    EXPECT_THAT(text, HasSubstr("deployment a at address(es) {'127.0.0.1:1'}"));
  }
}

TEST_F(StreamerCallsTest, AGeneratorsDocumentsComeOneByOne) {
  std::string endpoint;
  executor.on_stream_doc = [&](Buffer message, std::shared_ptr<protocol::RequestStream> stream) {
    const wire::DataRequest asked = wire::DataRequest::parse(message).value();
    endpoint = std::string(wire::parse_header(asked.header.view()).value().exec_endpoint.value_or(""));
    const std::string word(decode_document(asked.data->flatten()).value().text());
    for (const char* end : {"1", "2", "3"}) {
      wire::DataRequest answer = asked;
      Document doc;
      doc.set_text(word + end);
      answer.data = encode_document(doc);
      stream->write((word == "bad" ? failed(std::move(answer)) : answer).serialize());
    }
    stream->finish({}, {});
  };
  make();
  run([&]() -> Task<void> {
    Document doc;
    doc.set_text("tick");
    std::vector<std::string> all;
    ResponseStream answers = streamer->stream_doc(doc, {.exec_endpoint = "/count"});
    while (auto answer = co_await answers.next()) {
      EXPECT_FALSE(answer->error);
      for (std::string& text : texts_of(answer->docs)) all.push_back(std::move(text));
    }
    EXPECT_THAT(all, ElementsAre("tick1", "tick2", "tick3"));
    EXPECT_EQ(endpoint, "/count");
    ResponseStream direct = streamer->executor("a").stream_doc(doc, {.on = "/direct"});
    EXPECT_TRUE((co_await direct.next()).has_value());
    EXPECT_EQ(endpoint, "/direct");
    doc.set_text("bad");
    ResponseStream bad = streamer->stream_doc(doc);
    const std::optional<Response> answer = co_await bad.next();
    EXPECT_TRUE(answer && answer->error && answer->error->name == "ValueError");
  });
}

TEST_F(StreamerCallsTest, AGeneratorThatIsNotThereIsNamed) {
  streamer.emplace(io, options_for("127.0.0.1:1"));
  EXPECT_THAT(thrown_by([&]() -> Task<void> {
                ResponseStream answers = streamer->stream_doc(Document{});
                (void)co_await answers.next();
              }),
              HasSubstr("deployment a at address(es) {'127.0.0.1:1'}"));
}

TEST_F(StreamerCallsTest, RpcStreamAnswersEncodedRequests) {
  for (const bool in_order : {false, true}) {
    held.clear();
    waiting.clear();
    answer_backwards(3);
    if (!streamer) make();
    std::vector<std::string> ids;
    run([&, in_order]() -> Task<void> {
      RpcStream stream = streamer->rpc_stream({.results_in_order = in_order});
      for (const char* id : {"1", "2", "3"}) {
        const bool taken = co_await stream.write(request(id));
        EXPECT_TRUE(taken);
      }
      stream.writes_done();
      while (auto answer = co_await stream.read()) ids.push_back(id_of(*answer));
      const bool taken = co_await stream.write(request("4"));
      EXPECT_FALSE(taken);
    });
    if (in_order) {
      EXPECT_THAT(ids, ElementsAre("1", "2", "3"));
    } else {
      EXPECT_THAT(ids, ElementsAre("3", "2", "1"));
    }
  }
}

TEST_F(StreamerCallsTest, RpcStreamLetsTheWriterWait) {
  make();
  int written = 0;
  std::optional<RpcStream> stream(streamer->rpc_stream({.prefetch = 4}));
  const auto write_all = [&]() -> Task<void> {
    for (int i = 0; i < 100; ++i) {
      const bool taken = co_await stream->write(request(std::to_string(i)));
      if (!taken) co_return;
      ++written;
    }
    stream->writes_done();
  };
  boost::asio::co_spawn(io, write_all, boost::asio::detached);
  run_until([&] { return executor.calls >= 4; });
  for (int i = 0; i < 50; ++i) io.poll();
  EXPECT_LE(written, 10);  // nobody reads: 4 in work or unread, and those that were on their way when they were answered
  int read = 0;
  run([&]() -> Task<void> {
    while (auto answer = co_await stream->read()) ++read;
  });
  EXPECT_EQ(read, 100);
  EXPECT_EQ(written, 100);
  stream.reset();
}

TEST_F(StreamerCallsTest, RpcStreamTellsAFailureAfterTheAnswersThatThereAre) {
  executor.on_request = [&](RequestContext&, wire::DataRequest request, wire::ReplyCallback done) {
    if (executor.calls == 2) return done({.status = {StatusCode::kUnavailable, "lost"}});
    done({.response = std::move(request)});
  };
  make();
  std::string failure;
  int answers = 0;
  run([&]() -> Task<void> {
    RpcStream stream = streamer->rpc_stream({.results_in_order = true});
    (void)co_await stream.write(request("1"));
    (void)co_await stream.write(request("2"));
    stream.writes_done();
    try {
      while (auto answer = co_await stream.read()) ++answers;
    } catch (const RequestFailed& error) {
      failure = error.what();
    }
    EXPECT_EQ(co_await stream.read(), std::nullopt);
  });
  EXPECT_EQ(answers, 1);
  EXPECT_THAT(failure, HasSubstr("lost"));
}

TEST_F(StreamerCallsTest, TheTimeoutEndsEachOfThem) {
  never_answer();
  make();
  const auto late = HasSubstr("DEADLINE_EXCEEDED");
  const StreamOptions soon{.timeout = 50ms};
  const ExecutorPostOptions soon_there{.timeout = 50ms};
  EXPECT_THAT(thrown_by([&]() -> Task<void> { (void)co_await streamer->post(texts(1), soon); }), late);
  EXPECT_THAT(thrown_by([&]() -> Task<void> { (void)co_await streamer->executor("a").post(texts(1), soon_there); }), late);
  executor.on_stream_doc = [&](Buffer, std::shared_ptr<protocol::RequestStream>) {};
  EXPECT_THAT(thrown_by([&]() -> Task<void> {
                ResponseStream answers = streamer->stream_doc(Document{}, soon);
                (void)co_await answers.next();
              }),
              late);
}

TEST_F(StreamerCallsTest, TheCallersCancellationEndsEachOfThem) {
  never_answer();
  make();
  for (int i = 0; i < 3; ++i) {
    RequestContext context;
    const int calls = executor.calls;
    bool ended = false;
    const auto call = [&, i]() -> Task<void> {
      try {
        const StreamOptions options{.context = &context};
        const ExecutorPostOptions one{.context = &context};
        if (i == 0) (void)co_await streamer->post(texts(1), options);
        if (i == 1) (void)co_await streamer->executor("a").post(texts(1), one);
        if (i == 2) {
          RpcStream stream = streamer->rpc_stream({.context = &context});
          (void)co_await stream.write(request("1"));
          (void)co_await stream.read();
        }
      } catch (const RequestFailed& error) {
        ended = error.status().code == StatusCode::kCancelled;
      }
    };
    boost::asio::co_spawn(io, call, boost::asio::detached);
    run_until([&] { return executor.calls == calls + 1; });
    context.cancel(CancelReason::kClient);
    run_until([&] { return ended; });
  }
  run_until([&] { return cancelled == 3; });
}

TEST_F(StreamerCallsTest, OtherThreadsWaitOrAreCalledBack) {
  make();
  DocumentArray waited, called, direct;
  std::thread::id callback_thread;
  std::atomic<bool> done = false;
  std::thread other([&] {
    waited = streamer->post_blocking(texts(3), {.request_size = 1});
    direct = streamer->executor("a").post_blocking(texts(1));
    streamer->post_async(texts(2), {}, [&](Result<DocumentArray> docs) {
      callback_thread = std::this_thread::get_id();
      called = std::move(docs).value();
      done = true;
    });
  });
  run_until([&] { return done.load(); });
  other.join();
  EXPECT_THAT(texts_of(waited), ElementsAre("t0", "t1", "t2"));
  EXPECT_THAT(texts_of(direct), ElementsAre("t0"));
  EXPECT_THAT(texts_of(called), ElementsAre("t0", "t1"));
  EXPECT_EQ(callback_thread, std::this_thread::get_id());
}

TEST_F(StreamerCallsTest, OtherThreadsGetTheSameFailures) {
  streamer.emplace(io, options_for("127.0.0.1:1"));
  std::atomic<bool> done = false;
  std::string waited;
  Status called;
  std::thread other([&] {
    try {
      (void)streamer->post_blocking(texts(1));
    } catch (const RequestFailed& error) {
      waited = error.what();
    }
    streamer->post_async(texts(1), {}, [&](Result<DocumentArray> docs) {
      called = docs.status();
      done = true;
    });
  });
  run_until([&] { return done.load(); });
  other.join();
  EXPECT_THAT(waited, HasSubstr("deployment a"));
  EXPECT_EQ(called.code, StatusCode::kUnavailable);
}

TEST_F(StreamerCallsTest, BlockingOnTheIoThreadIsRefused) {
  make();
  EXPECT_THAT(thrown_by([&]() -> Task<void> {
                (void)streamer->post_blocking(texts(1));
                co_return;
              }),
              HasSubstr("on the I/O thread"));
  EXPECT_THAT(thrown_by([&]() -> Task<void> {
                wait_for(io, []() -> Task<void> { co_return; });
                co_return;
              }),
              HasSubstr("on the I/O thread"));
  EXPECT_EQ(executor.calls, 0);
}

TEST_F(StreamerCallsTest, AnotherProcessFindsTheFlowInItsEnvironment) {
  ::unsetenv("JINA_STREAMER_ARGS");
  try {
    (void)GatewayStreamer::get_streamer();
    ADD_FAILURE() << "there is no Flow";
  } catch (const std::runtime_error& error) {
    EXPECT_THAT(error.what(), HasSubstr("JINA_STREAMER_ARGS is not set"));
  }
  set_environment();
  std::atomic<bool> done = false;
  std::vector<std::string> blocking, awaited;
  std::thread other([&] {
    const std::unique_ptr<GatewayStreamer> own = GatewayStreamer::get_streamer();
    blocking = texts_of(own->post_blocking(texts(2)));
    awaited = texts_of(wait_for(own->io(), [&]() -> Task<DocumentArray> { return own->post(texts(1)); }));
    done = true;
  });
  run_until([&] { return done.load(); });
  other.join();
  EXPECT_THAT(blocking, ElementsAre("t0", "t1"));
  EXPECT_THAT(awaited, ElementsAre("t0"));
  ::unsetenv("JINA_STREAMER_ARGS");
}

TEST_F(StreamerCallsTest, AStreamerThatGoesAnswersWhoStillWaits) {
  never_answer();
  set_environment();
  std::unique_ptr<GatewayStreamer> own = GatewayStreamer::get_streamer();
  ::unsetenv("JINA_STREAMER_ARGS");
  std::atomic<bool> failed = false;
  std::thread waiter([&] {
    try {
      (void)own->post_blocking(texts(1));
    } catch (const RequestFailed&) {
      failed = true;
    }
  });
  run_until([&] { return executor.calls == 1; });
  std::atomic<bool> gone = false;
  GatewayStreamer* raw = own.release();
  std::thread destroyer([&] {
    delete raw;
    gone = true;
  });
  run_until([&] { return gone.load(); });
  destroyer.join();
  waiter.join();
  EXPECT_TRUE(failed);
}

TEST_F(StreamerCallsTest, AStreamerMayGoInACallbackOnItsOwnThread) {
  set_environment();
  auto own = std::make_shared<std::unique_ptr<GatewayStreamer>>(GatewayStreamer::get_streamer());
  ::unsetenv("JINA_STREAMER_ARGS");
  const auto ended = std::make_shared<std::promise<void>>();
  std::future<void> over = ended->get_future();
  std::atomic<int> answers = 0;
  GatewayStreamer& streamer = **own;
  streamer.post_async(texts(1), {}, [own = std::move(own), ended, &answers](Result<DocumentArray> docs) {
    thread_local ThreadEnd end;
    end.ended = ended;
    if (docs) answers = static_cast<int>(docs->size());
    own->reset();
  });
  run_until([&] { return over.wait_for(0s) == std::future_status::ready; });
  EXPECT_EQ(answers, 1);
}

}  // namespace
}  // namespace jina
