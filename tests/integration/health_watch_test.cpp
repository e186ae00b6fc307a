// The standard health service's Watch: every change is told, and stopping does not wait for those who watch.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/io_test_kit.hpp"
#include "protocol/grpc/channel.hpp"
#include "protocol/grpc/health.hpp"
#include "protocol/server/server.hpp"

namespace jina::grpc {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;

// A HealthCheckResponse of one byte's worth: field 1, the status.
const std::string kServing("\x08\x01", 2), kNotServing("\x08\x02", 2), kUnknown("\x08\x03", 2);

class HealthWatchTest : public ::testing::Test {
 protected:
  void SetUp() override {
    add_health_service(table, health);
    channel = std::make_unique<Channel>(io, "127.0.0.1:" + std::to_string(server.listen().value()));
  }
  void TearDown() override {
    channel->close();
    bool stopped = false;
    server.stop(0ms, [&] { stopped = true; });
    run_until(io, [&] { return stopped; });
  }

  struct Watched {
    std::shared_ptr<ClientStream> call;
    std::vector<std::string> seen{};
    bool over = false;
  };
  std::shared_ptr<Watched> watch(const std::string& name) {
    auto watched = std::make_shared<Watched>(Watched{channel->open("/grpc.health.v1.Health/Watch", {})});
    watched->call->write(Buffer::copy_of(name.empty() ? "" : "\x0a" + std::string(1, static_cast<char>(name.size())) + name));
    watched->call->writes_done();
    read(watched);
    return watched;
  }
  // The call's end comes in TearDown only, when the test has let go of what it watched.
  void read(std::shared_ptr<Watched> watched) {
    ClientStream& call = *watched->call;
    call.read([this, watched = std::move(watched)](std::optional<Buffer> message) {
      if (!message) return void(watched->over = true);
      watched->seen.push_back(message->str());
      read(watched);
    });
  }

  boost::asio::io_context io{1};
  std::shared_ptr<HealthState> health = std::make_shared<HealthState>(std::vector<std::string>{"demo.Greeter"});
  ServiceTable table;
  protocol::Server server{io, protocol::ServerOptions{.host = "127.0.0.1"}, &table, nullptr};
  std::unique_ptr<Channel> channel;
};

TEST_F(HealthWatchTest, EveryChange) {
  const auto watched = watch("demo.Greeter");
  run_until(io, [&] { return watched->seen.size() == 1; });
  health->set_serving(true);
  run_until(io, [&] { return watched->seen.size() == 2; });
  health->set_serving(false);
  run_until(io, [&] { return watched->seen.size() == 3; });
  EXPECT_THAT(watched->seen, ElementsAre(kNotServing, kServing, kNotServing));
  EXPECT_FALSE(watched->over);
}

TEST_F(HealthWatchTest, StoppingTellsAndEndsThem) {
  health->set_serving(true);
  const auto watched = watch("");
  const auto unknown = watch("not.There");
  run_until(io, [&] { return watched->seen.size() == 1 && unknown->seen.size() == 1; });
  health->stop();
  bool stopped = false;
  const auto started = std::chrono::steady_clock::now();
  server.stop(60s, [&] { stopped = true; });
  run_until(io, [&] { return stopped && watched->over && unknown->over; });
  EXPECT_LT(std::chrono::steady_clock::now() - started, 5s);
  EXPECT_THAT(watched->seen, ElementsAre(kServing, kNotServing));
  EXPECT_EQ(watched->call->status(), (Status{StatusCode::kUnavailable, "the server stops"}));
  EXPECT_EQ(unknown->seen.front(), kUnknown);
  EXPECT_FALSE(health->serving("").value());
  health->set_serving(true);
  EXPECT_FALSE(health->serving("").value()) << "for good";
}

TEST_F(HealthWatchTest, WhoComesLateIsToldAndEnded) {
  health->set_serving(true);
  health->stop();
  const auto watched = watch("");
  run_until(io, [&] { return watched->over; });
  EXPECT_EQ(watched->seen.front(), kNotServing);
}

}  // namespace
}  // namespace jina::grpc
