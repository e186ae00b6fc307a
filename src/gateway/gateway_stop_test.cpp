// Gateways that are stopped at odd moments.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/json/parse.hpp>
#include <fstream>
#include <future>
#include <thread>

#include "base/droppable_io.hpp"
#include "base/thread_end.hpp"
#include "gateway/gateway_host.hpp"
#include "jina/blocking.hpp"
#include "jina/http_gateway.hpp"
#include "protocol/server/http_test_server.hpp"

namespace jina::gateway {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;

HostOptions options_for(const std::string& uses) {
  HostOptions options;
  options.uses = uses;
  options.gateway.host = "127.0.0.1";
  options.gateway.protocols = {Protocol::kHttp};
  options.gateway.grace = 0ms;
  options.gateway.graph_description = boost::json::parse(R"({"start-gateway": ["a"], "a": ["end-gateway"]})").as_object();
  options.gateway.deployments_addresses = boost::json::parse(R"({"a": ["grpc://127.0.0.1:9"]})").as_object();
  return options;
}

std::promise<void> entered;
std::promise<void> may_go;
std::vector<std::string> order;

/// Whether a thread of this process waits for something.
bool sleeps(pid_t thread) {
  std::string text;
  std::getline(std::ifstream("/proc/self/task/" + std::to_string(thread) + "/stat"), text);
  const auto name_end = text.rfind(") ");
  return name_end != text.npos && text[name_end + 2] == 'S';
}

struct Slow : HttpGateway {
  ~Slow() override { order.emplace_back("gateway"); }
  void setup_app(App& app) override { app.get("/slow", &Slow::slow).blocking(); }
  std::string slow() {
    entered.set_value();
    may_go.get_future().wait();
    order.emplace_back("handler");
    return "done";
  }
};

TEST(GatewayStop, AHandlerOnAWorkerThreadEndsBeforeItsGateway) {
  Registry registry;
  registry.add<Slow>("Slow");
  std::promise<std::uint16_t> port;
  HostOptions options = options_for("Slow");
  options.on_ready = [&](const std::vector<std::uint16_t>& ports) { port.set_value(ports.front()); };
  Result<std::unique_ptr<GatewayHost>> host = GatewayHost::start(std::move(options), registry);
  ASSERT_TRUE(host.ok()) << host.error().message;
  std::thread client([&] {
    protocol::TestClient socket(port.get_future().get());
    socket.send("GET /slow HTTP/1.1\r\nhost: test\r\n\r\n");
    entered.get_future().wait();
    (*host)->stop();
    socket.read_to_end();
  });
  EXPECT_EQ((*host)->run().code, StatusCode::kDeadlineExceeded);  // a thread can not be cut short
  client.join();
  std::atomic<bool> resetting = false;
  std::thread later([&resetting, thread = ::gettid()] {
    while (!resetting || !sleeps(thread)) std::this_thread::yield();  // until reset() waits; the gateway could go too early
    may_go.set_value();
  });
  resetting = true;
  host->reset();
  later.join();
  EXPECT_THAT(order, ElementsAre("handler", "gateway"));
}

struct Plain : HttpGateway {
  void setup_app(App&) override {}
};

TEST(GatewayStop, ToldBeforeItRunsItDoesNotBegin) {
  Registry registry;
  registry.add<Plain>("Plain");
  HostOptions options = options_for("Plain");
  bool ready = false;
  options.on_ready = [&](const auto&) { ready = true; };
  Result<std::unique_ptr<GatewayHost>> host = GatewayHost::start(std::move(options), registry);
  ASSERT_TRUE(host.ok()) << host.error().message;
  (*host)->stop();
  EXPECT_EQ((*host)->run(), Status{});
  EXPECT_FALSE(ready);
}

TEST(RunBlocking, ACoroutineThatIsDroppedWaitsForItsThread) {
  DroppableIo io;
  const auto thread_ended = std::make_shared<std::promise<void>>();
  auto function = [&] {
    thread_local ThreadEnd end;
    end.ended = thread_ended;
  };
  boost::asio::co_spawn(io, run_blocking(function), boost::asio::detached);
  io.poll();
  thread_ended->get_future().wait();  // then its end was posted
  io.drop_handlers();
}

}  // namespace
}  // namespace jina::gateway
