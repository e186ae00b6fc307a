// The connection pool against Executors over real sockets, all on one I/O thread.
#include "connection_pool/connection_pool.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/json/array.hpp>

#include "integration/pool_test_kit.hpp"

namespace jina {
namespace {

using namespace std::chrono_literals;
using testing::FakeExecutor;
using ::testing::HasSubstr;

class PoolTest : public testing::PoolTestBase {
 protected:
  FakeExecutor::Behaviour failing(StatusCode code) {
    return [code](RequestContext&, wire::DataRequest, wire::ReplyCallback done) { done({.status = {code, "fake details"}}); };
  }
  wire::Reply send(std::string endpoint = "/go") {
    std::optional<wire::Reply> reply;
    wire::DataRequest request;
    request.header = Bytes::take(wire::encode_header({.request_id = "r", .exec_endpoint = endpoint}));
    request.has_header = true;
    pool->send(context, "a", endpoint, std::move(request), [&](wire::Reply got) { reply = std::move(got); });
    EXPECT_FALSE(reply) << "completed within the call";
    run_until(io, [&] { return reply.has_value(); });
    return reply ? std::move(*reply) : wire::Reply{};
  }
};

TEST_F(PoolTest, SendsEndpointAndMetadata) {
  FakeExecutor& executor = add();
  PoolOptions options;
  options.metadata["a"] = boost::json::object{{"X-Dep", "v1"}};
  make(std::move(options));
  const wire::Reply reply = send();
  ASSERT_TRUE(reply.status.ok()) << reply.status.message;
  EXPECT_EQ(wire::parse_header(reply.response.header.view()).value().request_id, "r");
  EXPECT_EQ(*find_value(executor.last_metadata, "x-dep"), "v1");
  EXPECT_EQ(*find_value(executor.last_metadata, "endpoint"), "/go");
  EXPECT_FALSE(executor.last_had_deadline);
  EXPECT_TRUE(send("").status.ok());
  EXPECT_EQ(find_value(executor.last_metadata, "endpoint"), nullptr);
}

TEST_F(PoolTest, TimeoutSendBoundsEachTry) {
  FakeExecutor& executor = add();
  std::vector<wire::ReplyCallback> kept;
  executor.on_request = [&](RequestContext&, wire::DataRequest, wire::ReplyCallback done) { kept.push_back(std::move(done)); };
  make({.timeout_send = 30ms, .retries = 1});
  const wire::Reply reply = send();
  EXPECT_EQ(reply.status.code, StatusCode::kDeadlineExceeded);
  EXPECT_EQ(reply.status.message,
            "Deadline Exceeded|Gateway: Connection with deployment a at address(es) {'" + executor.address() +
                "'} could be established, but timed out. You can increase the allowed time by setting `timeout_send` in your "
                "Flow YAML `with` block or Flow `__init__()` method.");
  EXPECT_TRUE(executor.last_had_deadline);
  EXPECT_EQ(executor.calls, 2);
}

TEST_F(PoolTest, NegativeTimeoutIsNone) {
  FakeExecutor& executor = add();
  make({.timeout_send = -1ms});
  EXPECT_TRUE(send().status.ok());
  EXPECT_FALSE(executor.last_had_deadline);
}

TEST_F(PoolTest, TheClientsDeadlineIsNotTriedAgain) {
  FakeExecutor& executor = add();
  std::vector<wire::ReplyCallback> kept;
  executor.on_request = [&](RequestContext&, wire::DataRequest, wire::ReplyCallback done) { kept.push_back(std::move(done)); };
  context.deadline = std::chrono::steady_clock::now() + 30ms;
  make({.timeout_send = 10s});
  EXPECT_EQ(send().status.code, StatusCode::kDeadlineExceeded);
  EXPECT_EQ(executor.calls, 1);
}

class RetriedCode : public PoolTest, public ::testing::WithParamInterface<StatusCode> {};
TEST_P(RetriedCode, IsTriedFourTimes) {
  FakeExecutor& executor = add();
  executor.on_request = failing(GetParam());
  make();
  const wire::Reply reply = send();
  EXPECT_EQ(executor.calls, 4);
  EXPECT_THAT(reply.status.message, HasSubstr("fake details"));
  EXPECT_THAT(reply.status.message, HasSubstr("{'" + executor.address() + "'}"));
}
INSTANTIATE_TEST_SUITE_P(Codes, RetriedCode,
                         ::testing::Values(StatusCode::kUnavailable, StatusCode::kDeadlineExceeded, StatusCode::kNotFound,
                                           StatusCode::kCancelled, StatusCode::kUnknown, StatusCode::kInternal),
                         [](const auto& info) { return std::string(to_string(info.param)); });

TEST_F(PoolTest, OtherCodesAreNotTriedAgain) {
  FakeExecutor& executor = add();
  executor.on_request = failing(StatusCode::kInvalidArgument);
  make();
  const wire::Reply reply = send();
  EXPECT_EQ(executor.calls, 1);
  EXPECT_EQ(reply.status.code, StatusCode::kUnknown);
  EXPECT_THAT(reply.status.message, HasSubstr("INVALID_ARGUMENT: fake details"));
}

TEST_F(PoolTest, WordsOfJina) {
  FakeExecutor& executor = add();
  make({.retries = 0});
  const std::string set = "{'" + executor.address() + "'}";
  executor.on_request = failing(StatusCode::kUnavailable);
  EXPECT_EQ(send().status,
            (Status{StatusCode::kUnavailable, "fake details |Gateway: Communication error with deployment a at address(es) " + set +
                                                  ". Head or worker(s) may be down."}));
  executor.on_request = failing(StatusCode::kNotFound);
  EXPECT_EQ(send().status,
            (Status{StatusCode::kNotFound, "fake details\n|Gateway: Connection error with deployment `a` at address(es) " + set +
                                               ". Connection with " + set +
                                               " succeeded, but `a` was not found. Possibly `a` is behind "
                                               "an API gateway but not reachable."}));
}

TEST_F(PoolTest, RefusedConnectionSaysWhere) {
  FakeExecutor& executor = add();
  make();
  kill(executor);
  const wire::Reply reply = send();
  EXPECT_EQ(reply.status, (Status{StatusCode::kUnavailable,
                                  "failed to connect to all addresses; last error: UNKNOWN: ipv4:" + executor.address() +
                                      ": Failed to connect to remote host: Connection refused |Gateway: Communication error with "
                                      "deployment a at address(es) {'" +
                                      executor.address() + "'}. Head or worker(s) may be down."}));
}

TEST_F(PoolTest, TheNextTryGoesToAnotherReplica) {
  add().on_request = failing(StatusCode::kUnavailable);
  add().on_request = failing(StatusCode::kUnavailable);
  add();
  make({.retries = 2});
  for (int i = 0; i < 6; ++i) EXPECT_TRUE(send().status.ok());
}

TEST_F(PoolTest, ADeadReplicaCostsNothingEvenWithoutRetries) {
  add();
  add();
  make({.retries = 0});
  kill(*executors[0]);
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(send().status.ok()) << i;
  EXPECT_EQ(executors[1]->calls, 20);
}

// Executors that die of /die, with all that runs there, and are started again.
TEST_F(PoolTest, ARequestThatKillsItsExecutorsDoesNotTakeTheOthersWithIt) {
  std::vector<std::unique_ptr<boost::asio::steady_timer>> timers;
  int deaths = 0;
  std::function<void(FakeExecutor&)> arm = [&](FakeExecutor& executor) {
    executor.on_request = [&, dying = std::make_shared<bool>(false)](RequestContext& its, wire::DataRequest request,
                                                                     wire::ReplyCallback done) {
      if (*find_value(its.metadata, "endpoint") == "/die" && !std::exchange(*dying, true)) {
        ++deaths;
        executor.stop([&, port = executor.port()] {
          boost::asio::post(io, [&, port] {
            executors.push_back(std::make_unique<FakeExecutor>(io, "a", port));
            arm(*executors.back());
          });
        });
        return;
      }
      timers.push_back(std::make_unique<boost::asio::steady_timer>(io, 5ms));
      timers.back()->async_wait([done = std::make_shared<wire::ReplyCallback>(std::move(done)), request](auto) mutable {
        (*done)({.response = std::move(request)});
      });
    };
  };
  arm(add());
  arm(add());
  make();
  int good = 0, bad = 0;
  std::optional<wire::Reply> deadly;
  for (int i = 0; i < 20; ++i) {
    if (i == 10) pool->send(context, "a", "/die", {}, [&](wire::Reply reply) { deadly = std::move(reply); });
    pool->send(context, "a", "/go", {}, [&](wire::Reply reply) { ++(reply.status.ok() ? good : bad); });
  }
  run_until(io, [&] { return deadly && good + bad == 20; });
  EXPECT_EQ(good, 20);
  EXPECT_EQ(deaths, 4);
  EXPECT_EQ(deadly->status.code, StatusCode::kUnavailable);
  EXPECT_THAT(deadly->status.message, HasSubstr("Communication error with deployment a"));
}

TEST_F(PoolTest, AReplicaThatIsStartedAgainIsAskedAgain) {
  add();
  make();
  ASSERT_TRUE(send().status.ok());
  const std::uint16_t port = executors[0]->port();
  kill(*executors[0]);
  boost::asio::steady_timer restart(io, 60ms);
  restart.async_wait([&](auto) { executors[0] = std::make_unique<FakeExecutor>(io, "a", port); });
  EXPECT_TRUE(send().status.ok());
}

TEST_F(PoolTest, ClosingDoesNotWaitForAPause) {
  add();
  make();
  kill(*executors[0]);
  std::optional<wire::Reply> reply;
  pool->send(context, "a", "/go", {}, [&](wire::Reply got) { reply = std::move(got); });
  io.run_for(10ms);
  pool->close();
  io.restart();
  io.poll();
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->status.code, StatusCode::kUnavailable);
}

TEST_F(PoolTest, ASuspectIsPassedOverAndFoundAgain) {
  add();
  add();
  make();
  const std::uint16_t port = executors[0]->port();
  kill(*executors[0]);
  for (int i = 0; i < 4; ++i) ASSERT_TRUE(send().status.ok());
  const auto& replicas = pool->replicas("a")->all();
  ASSERT_TRUE(replicas[0]->suspect);
  EXPECT_EQ(replicas[0]->failures, 1u) << "one request found out, no other had to";
  executors[0] = std::make_unique<FakeExecutor>(io, "a", port);
  run_until(io, [&] { return send().status.ok() && !replicas[0]->suspect; });
  for (int i = 0; i < 4; ++i) send();
  EXPECT_GT(executors[0]->calls, 0);
}

TEST_F(PoolTest, LeastOutstandingByDefault) {
  add();
  add();
  std::vector<wire::ReplyCallback> kept;
  executors[0]->on_request = [&](RequestContext&, wire::DataRequest, wire::ReplyCallback done) { kept.push_back(std::move(done)); };
  make();
  int slow_answers = 0;
  for (int i = 0; i < 2; ++i) pool->send(context, "a", "", {}, [&](wire::Reply) { ++slow_answers; });
  run_until(io, [&] { return executors[0]->calls == 1 && slow_answers == 1; });
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(send().status.ok());
  EXPECT_EQ(executors[0]->calls, 1);
  kept.front()({});
  run_until(io, [&] { return slow_answers == 2; });
}

TEST_F(PoolTest, RoundRobinOnRequest) {
  add();
  add();
  make({.round_robin = true});
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(send().status.ok());
  EXPECT_EQ(executors[0]->calls, 5);
}

TEST_F(PoolTest, PeerThatKnowsOnlyCall) {
  add(true);
  make({.retries = 0});
  EXPECT_TRUE(send().status.ok());
  EXPECT_TRUE(pool->replicas("a")->all().front()->only_call);
  EXPECT_TRUE(send().status.ok());
  executors[0]->on_request = [](RequestContext&, wire::DataRequest request, wire::ReplyCallback done) {
    done({.response = std::move(request), .trailing = {{"is-error", "true"}}});
  };
  EXPECT_NE(find_value(send().trailing, "is-error"), nullptr);
}

TEST_F(PoolTest, ListGoesToProcessData) {
  FakeExecutor& executor = add();
  std::size_t seen = 0;
  executor.on_list = [&](std::vector<wire::DataRequest>& requests) { seen = requests.size(); };
  make();
  std::vector<wire::DataRequest> requests(3);
  bool done = false;
  pool->send_list(context, "a", "", std::move(requests), [&](wire::Reply reply) { done = reply.status.ok(); });
  run_until(io, [&] { return done; });
  EXPECT_EQ(seen, 3u);
}

TEST_F(PoolTest, CancelReachesTheExecutor) {
  FakeExecutor& executor = add();
  bool cancelled = false;
  RequestContext::Registration registration;
  executor.on_request = [&](RequestContext& its, wire::DataRequest, wire::ReplyCallback done) {
    registration = its.on_cancel([&, done = std::make_shared<wire::ReplyCallback>(std::move(done))](CancelReason) {
      cancelled = true;
      registration.reset();  // the answer ends the context
      (*done)({.status = {StatusCode::kCancelled, ""}});
    });
  };
  make();
  std::optional<wire::Reply> reply;
  pool->send(context, "a", "", {}, [&](wire::Reply got) { reply = std::move(got); });
  run_until(io, [&] { return executor.calls == 1; });
  context.cancel(CancelReason::kClient);
  run_until(io, [&] { return reply.has_value() && cancelled; });
  EXPECT_EQ(reply->status.code, StatusCode::kCancelled);
}

TEST_F(PoolTest, CancelledBeforeItStarted) {
  FakeExecutor& executor = add();
  make();
  context.cancel(CancelReason::kClient);
  EXPECT_EQ(send().status.code, StatusCode::kCancelled);
  EXPECT_EQ(executor.calls, 0);
}

TEST_F(PoolTest, UnknownDeployment) {
  make({.addresses = {{"b", boost::json::array{"127.0.0.1:1"}}}});
  std::optional<wire::Reply> reply;
  pool->send(context, "c", "", {}, [&](wire::Reply got) { reply = std::move(got); });
  EXPECT_FALSE(reply);
  run_until(io, [&] { return reply.has_value(); });
  EXPECT_EQ(reply->status.code, StatusCode::kUnavailable);
  EXPECT_THAT(reply->status.message, HasSubstr("'c'"));
}

TEST(PoolAddresses, FormsAndErrors) {
  boost::asio::io_context io;
  const auto error = [&](boost::json::value value) {
    auto made = ConnectionPool::make(io, {.addresses = {{"a", std::move(value)}}});
    return made ? std::string("fine") : made.error().message;
  };
  EXPECT_EQ(error({"h:1", "grpc://h:1", "http://h:1", "ws://h:1", "grpcs://h:1", "https://h:1", "wss://h:1", "[::1]:80"}), "fine");
  EXPECT_EQ(error(boost::json::object{{"HTTP", boost::json::array{"http://h:2"}}, {"GRPC", boost::json::array{"h:1"}}}), "fine");
  EXPECT_THAT(error(boost::json::array{"ftp://h:1"}), HasSubstr("unknown scheme 'ftp'"));
  EXPECT_THAT(error(boost::json::array{"h"}), HasSubstr("has no port"));
  EXPECT_THAT(error(boost::json::array{"h:99999"}), HasSubstr("deployment 'a'"));
  EXPECT_THAT(error(boost::json::array{}), HasSubstr("expected a list"));
  EXPECT_THAT(error(boost::json::object{{"HTTP", boost::json::array{"http://h:2"}}}), HasSubstr("GRPC"));
}

}  // namespace
}  // namespace jina
