// GatewayHost: gateways of the user's in this process, over real sockets, and what they leave behind.
#include "gateway/gateway_host.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/parse.hpp>
#include <future>
#include <sstream>
#include <thread>

#include "integration/fake_executor.hpp"
#include "jina/blocking.hpp"
#include "jina/gateway.hpp"

namespace jina::gateway {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using asio::ip::tcp;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// Serves until it is told to stop.
class Quiet : public Gateway {
 public:
  Task<void> setup_server() override { co_return; }
  Task<void> run_server() override {
    boost::system::error_code ignored;
    co_await stopped_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }
  Task<void> shutdown() override {
    stopped_.cancel();
    co_return;
  }

 private:
  asio::steady_timer stopped_{io(), asio::steady_timer::time_point::max()};
};

// An Executor on a thread of its own that never answers, and a host in front of it.
class GatewayHostTest : public ::testing::Test {
 protected:
  GatewayHostTest() {
    std::promise<void> made;
    executor_thread_ = std::thread([&] {
      executor_.emplace(executor_io_);
      executor_->on_request = [this](RequestContext& context, wire::DataRequest request, wire::ReplyCallback done) {
        if (!hold) return done({.response = std::move(request)});
        held_.push_back(std::move(done));
        const std::size_t number = held_.size() - 1;
        registrations_.push_back(context.on_cancel([this, number](CancelReason) {
          registrations_[number].reset();
          held_[number]({.status = {StatusCode::kCancelled, "gone"}});
        }));
        arrived.set_value();
      };
      made.set_value();
      executor_io_.run();
    });
    made.get_future().get();
    spdlog::set_default_logger(std::make_shared<spdlog::logger>("test", std::make_shared<spdlog::sinks::ostream_sink_mt>(log_)));
  }
  ~GatewayHostTest() override {
    asio::post(executor_io_, [this] { executor_->stop([this] { executor_io_.stop(); }); });
    executor_thread_.join();
    spdlog::set_default_logger(std::make_shared<spdlog::logger>("default"));
  }

  HostOptions options_for(const std::string& uses) {
    HostOptions options;
    options.uses = uses;
    options.source = "test.cpp";
    options.gateway.host = "127.0.0.1";
    options.gateway.grace = 200ms;
    options.gateway.graph_description = boost::json::parse(R"({"start-gateway": ["a"], "a": ["end-gateway"]})").as_object();
    options.gateway.deployments_addresses["a"] = boost::json::array{boost::json::string(executor_->address())};
    return options;
  }

  template <class T>
  void add() {
    registry_.add<T>("T");
  }

  /// Serves until `until` is done on another thread, then stops.
  Status run(
      HostOptions options, std::function<void()> until = [] {}) {
    std::promise<void> ready;
    options.on_ready = [&](const auto&) { ready.set_value(); };
    return run_until(std::move(options), [&] {
      ready.get_future().get();
      until();
    });
  }
  Status run_until(HostOptions options, const std::function<void()>& until) {
    Result<std::unique_ptr<GatewayHost>> host = GatewayHost::start(std::move(options), registry_);
    if (!host) return std::move(host).error();
    std::thread stopper([&] {
      until();
      (*host)->stop();
    });
    Status status = (*host)->run();
    stopper.join();
    return status;
  }

  std::atomic<bool> hold = false;
  std::promise<void> arrived;
  std::ostringstream log_;
  Registry registry_;

 private:
  asio::io_context executor_io_{1};
  std::optional<testing::FakeExecutor> executor_;
  std::vector<wire::ReplyCallback> held_;
  std::vector<RequestContext::Registration> registrations_;
  std::thread executor_thread_;
};

TEST_F(GatewayHostTest, GivesItsObjectWhatTheGuideNames) {
  static std::vector<std::string> seen;
  struct Curious : Quiet {
    Curious() {
      seen = {name(), host(), protocols().front(), tracing() ? "tracing" : "no tracing", streamer().executors().front()};
      EXPECT_NE(port(), 0);  // chosen when none is given
      EXPECT_THAT(ports(), ElementsAre(port()));
      EXPECT_EQ(runtime_args().all.at("port").as_array().front().to_number<int>(), port());
      EXPECT_EQ(runtime_args().all.at("title"), "mine");
      EXPECT_EQ(executor("a").name(), "a");
      EXPECT_THROW(executor("b"), std::out_of_range);
      EXPECT_FALSE(tracer_provider().enabled());
      EXPECT_FALSE(tracer().enabled());
      logger().info("made");
    }
  };
  add<Curious>();
  HostOptions options = options_for("T");
  options.gateway.name = "gateway/rep-0";
  options.all_arguments["title"] = "mine";
  EXPECT_EQ(run(std::move(options)), Status{});
  EXPECT_THAT(seen, ElementsAre("gateway/rep-0", "127.0.0.1", "GRPC", "no tracing", "a"));
  EXPECT_THAT(log_.str(), HasSubstr("made"));
}

TEST_F(GatewayHostTest, AnObjectThatNobodyMadeSaysSo) {
  struct Lonely : Gateway {
    Task<void> setup_server() override { co_return; }
    Task<void> run_server() override { co_return; }
    Task<void> shutdown() override { co_return; }
  } lonely;
  EXPECT_THROW(lonely.name(), std::logic_error);
  EXPECT_THROW(lonely.streamer(), std::logic_error);
}

TEST_F(GatewayHostTest, CoroutinesThatAreLeftBehindEndBeforeTheGateway) {
  static bool gone = false;
  static std::vector<std::string> order;
  order.clear();
  struct Note {
    ~Note() { order.emplace_back("coroutine"); }
  };
  struct Messy : Quiet {
    ~Messy() override { order.emplace_back("gateway"); }
    Task<void> run_server() override {
      asio::co_spawn(io(), leave(), asio::detached);
      return Quiet::run_server();
    }
    Task<void> leave() {
      const Note note;
      const DocumentArray docs(3);
      ResponseStream answers = streamer().stream(docs, {.request_size = 1});
      while (auto answer = co_await answers.next()) gone = true;
      RpcStream stream = streamer().rpc_stream();
    }
  };
  add<Messy>();
  hold = true;
  EXPECT_EQ(run(options_for("T"), [this] { arrived.get_future().get(); }), Status{});
  EXPECT_FALSE(gone);
  EXPECT_THAT(order, ElementsAre("coroutine", "gateway"));
}

TEST_F(GatewayHostTest, ThreadsThatWaitAreAnsweredWhenItStops) {
  static std::string failure;
  static std::string later;
  struct Threaded : Quiet {
    ~Threaded() override { thread_.join(); }  // as a server with threads of its own does it
    Task<void> run_server() override {
      thread_ = std::thread([this] {
        try {
          (void)streamer().post_blocking(DocumentArray(1));
        } catch (const RequestFailed& error) {
          failure = error.what();
        }
        try {
          (void)streamer().post_blocking(DocumentArray(1));
        } catch (const RequestFailed& error) {
          later = error.what();
        }
      });
      return Quiet::run_server();
    }
    std::thread thread_;
  };
  add<Threaded>();
  hold = true;
  EXPECT_EQ(run(options_for("T"), [this] { arrived.get_future().get(); }), Status{});
  EXPECT_THAT(failure, HasSubstr("deployment a"));  // cut after the grace time
  EXPECT_THAT(later, ::testing::AnyOf(HasSubstr("stopped"), HasSubstr("closed")));
}

TEST_F(GatewayHostTest, ShutdownThatHangsIsCancelledAfterTheGraceTime) {
  static std::vector<std::string> cancelled;
  cancelled.clear();
  struct Stubborn : Gateway {
    Task<void> wait_for_ever(std::string what) {
      asio::steady_timer never(io(), asio::steady_timer::time_point::max());
      boost::system::error_code error;
      co_await never.async_wait(asio::redirect_error(asio::use_awaitable, error));
      if (error == asio::error::operation_aborted) cancelled.push_back(what);
    }
    Task<void> setup_server() override { co_return; }
    Task<void> run_server() override { return wait_for_ever("run"); }
    Task<void> shutdown() override { return wait_for_ever("shutdown"); }
  };
  add<Stubborn>();
  const Status status = run(options_for("T"));
  EXPECT_EQ(status.code, StatusCode::kDeadlineExceeded);
  EXPECT_EQ(status.message, "Gateway 'T' (test.cpp): shutdown() did not return within the grace time of 200 ms and is cancelled");
  EXPECT_THAT(cancelled, ::testing::UnorderedElementsAre("run", "shutdown"));
}

TEST_F(GatewayHostTest, RunServerHasToReturnAfterShutdown) {
  struct Deaf : Quiet {
    Task<void> shutdown() override { co_return; }
  };
  add<Deaf>();
  EXPECT_THAT(run(options_for("T")).message,
              HasSubstr("run_server() did not return within the grace time of 200 ms after shutdown() and is cancelled"));
}

TEST_F(GatewayHostTest, StoppedDuringSetupItEndsInOrder) {
  static std::promise<void> in_setup;
  static bool shut_down = false;
  struct Slow : Quiet {
    Task<void> setup_server() override {
      asio::steady_timer never(io(), asio::steady_timer::time_point::max());
      in_setup.set_value();
      co_await never.async_wait(asio::use_awaitable);
    }
    Task<void> shutdown() override {
      shut_down = true;
      co_return;
    }
  };
  add<Slow>();
  EXPECT_EQ(run_until(options_for("T"), [] { in_setup.get_future().get(); }), Status{});
  EXPECT_FALSE(shut_down);  // there is nothing to shut down
}

TEST_F(GatewayHostTest, StoppedBeforeItBeganItEndsToo) {
  add<Quiet>();
  EXPECT_EQ(run_until(options_for("T"), [] {}), Status{});
}

TEST_F(GatewayHostTest, AnExceptionOfACallbackIsLoggedAndServingGoesOn) {
  static std::promise<void> after;
  struct Careless : Quiet {
    Task<void> run_server() override {
      asio::post(io(), [] { throw std::runtime_error("oops"); });
      asio::post(io(), [] { after.set_value(); });
      return Quiet::run_server();
    }
  };
  add<Careless>();
  EXPECT_EQ(run(options_for("T"), [] { after.get_future().get(); }), Status{});
  EXPECT_THAT(log_.str(), HasSubstr("Gateway 'T' (test.cpp): an exception left a callback on the I/O thread: oops"));
}

TEST_F(GatewayHostTest, ABlockedThreadThatIsToldToStopIsReported) {
  static std::promise<void> blocked, let_go;
  struct Blocking : Quiet {
    Task<void> run_server() override {
      blocked.set_value();
      let_go.get_future().get();
      return Quiet::run_server();
    }
  };
  add<Blocking>();
  HostOptions options = options_for("T");
  options.gateway.grace = 0ms;
  Status stuck;
  options.on_stuck = [&](const Status& status) {
    stuck = status;
    let_go.set_value();  // the command ends the process here
  };
  (void)run(std::move(options), [] { blocked.get_future().get(); });
  EXPECT_THAT(stuck.message, HasSubstr("its I/O thread is blocked"));
  EXPECT_THAT(log_.str(), HasSubstr("Gateway 'T' (test.cpp) blocks the I/O thread in run_server()"));
}

TEST_F(GatewayHostTest, ATakenPortIsFoundBeforeTheObjectIsMade) {
  static bool made = false;
  struct Marked : Quiet {
    Marked() { made = true; }
  };
  add<Marked>();
  asio::io_context io;
  tcp::acceptor other(io, {asio::ip::make_address("127.0.0.1"), 0});
  HostOptions options = options_for("T");
  options.gateway.ports = {other.local_endpoint().port()};
  const Status status = run(std::move(options));
  EXPECT_EQ(status.code, StatusCode::kAlreadyExists);
  EXPECT_THAT(status.message, HasSubstr("Gateway 'T' (test.cpp): port " + std::to_string(other.local_endpoint().port())));
  EXPECT_FALSE(made);
}

TEST_F(GatewayHostTest, BlockingServersRunOnThreadsOfTheirOwn) {
  static std::promise<std::vector<std::string>> answer;
  struct Foreign : Gateway {
    Task<void> setup_server() override { co_return; }
    // A server whose serving function blocks until somebody stops it.
    Task<void> run_server() override {
      co_await run_blocking([this] {
        DocumentArray docs(1);
        docs[0].set_text("from a thread");
        std::vector<std::string> texts;
        for (const Document& doc : streamer().post_blocking(docs)) texts.emplace_back(doc.text());
        answer.set_value(texts);
        stop_.get_future().get();
      });
    }
    Task<void> shutdown() override {
      stop_.set_value();
      co_return;
    }
    std::promise<void> stop_;
  };
  add<Foreign>();
  std::vector<std::string> texts;
  EXPECT_EQ(run(options_for("T"), [&] { texts = answer.get_future().get(); }), Status{});
  EXPECT_THAT(texts, ElementsAre("from a thread"));
}

}  // namespace
}  // namespace jina::gateway
