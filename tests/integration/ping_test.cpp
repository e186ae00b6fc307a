// client::ping() against a server with everything, one with nothing, with and without TLS: what `jina ping` says of each.
#include "client/ping.hpp"
#include "base/io_test_kit.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>

#include "listener/test_certificate.hpp"
#include "protocol/grpc/health.hpp"
#include "protocol/server/server.hpp"

namespace jina::client {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

// GET / with the status that a test chose, nothing else.
class Root final : public http::Handler {
 public:
  Task<http::Response> handle(RequestContext&, http::Request request) override {
    co_return http::Response{.status = request.method == "GET" && request.path == "/" ? status : 404};
  }
  int status = 200;
};

struct Place {
  Protocol protocol;
  bool tls;
};

class PingTest : public ::testing::TestWithParam<Place> {
 protected:
  void serve(bool with_health_service = true) {
    protocol::ServerOptions options{.host = "127.0.0.1"};
    if (GetParam().tls) options.tls = {certificate.certificate_file(), certificate.key_file()};
    if (with_health_service) grpc::add_health_service(table, health);
    server = std::make_unique<protocol::Server>(io, options, &table, &root);
    target.protocol = GetParam().protocol;
    target.tls = GetParam().tls;
    target.host = "127.0.0.1";
    target.port = server->listen().value();
    target.ca_file = certificate.certificate_file();
  }
  void TearDown() override {
    if (server == nullptr) return;
    bool stopped = false;
    server->stop(0ms, [&] { stopped = true; });
    run_until(io, [&] { return stopped; });
  }

  Status ask() {
    std::optional<Status> status;
    boost::asio::co_spawn(io, ping(io, target, PingKind::kRuntime, 5s),
                          [&](const std::exception_ptr&, Status got) { status = std::move(got); });
    run_until(io, [&] { return status.has_value(); });
    return status.value_or(Status{});
  }

  boost::asio::io_context io{1};
  net::TestCertificate certificate;
  std::shared_ptr<grpc::HealthState> health = std::make_shared<grpc::HealthState>(std::vector<std::string>{});
  grpc::ServiceTable table;
  Root root;
  std::unique_ptr<protocol::Server> server;
  Target target;
};

TEST_P(PingTest, ReadyAndNot) {
  serve();
  health->set_serving(true);
  EXPECT_EQ(ask(), Status{});
  health->set_serving(false);
  root.status = 503;
  const Status not_ready = ask();
  EXPECT_EQ(not_ready.code, StatusCode::kUnavailable);
  EXPECT_THAT(not_ready.message, HasSubstr(GetParam().protocol == Protocol::kGrpc ? "NOT_SERVING" : "GET / gave status 503"));
}

TEST_P(PingTest, WithoutAHealthCheckItSaysWhatAGatewayHasToDo) {
  serve(false);
  root.status = 404;
  const std::string message = ask().message;
  if (GetParam().protocol == Protocol::kGrpc) {
    EXPECT_THAT(message, HasSubstr("a gateway that speaks gRPC has to serve the standard health service, grpc.health.v1.Health"));
  } else {
    EXPECT_THAT(message,
                HasSubstr("GET / gave status 404, not 200: a gateway that speaks HTTP or WebSocket has to answer GET / with 200"));
  }
}

class TlsPingTest : public PingTest {};

TEST_P(TlsPingTest, ACertificateThatTheSystemDoesNotKnow) {
  serve();
  health->set_serving(true);
  target.ca_file.clear();
  const Status unknown = ask();
  EXPECT_EQ(unknown.code, StatusCode::kUnavailable);
  EXPECT_THAT(unknown.message, HasSubstr("certificate verify failed"));
  target.verify = false;
  EXPECT_EQ(ask(), Status{});
}

TEST_P(TlsPingTest, ACertificateOfSomebodyElse) {
  serve();
  const net::TestCertificate other;
  target.ca_file = other.certificate_file();
  EXPECT_THAT(ask().message, HasSubstr("certificate verify failed"));
  target.ca_file = "/nowhere/ca.pem";
  EXPECT_THAT(ask().message, HasSubstr("'/nowhere/ca.pem'"));
}

std::string name_of(const ::testing::TestParamInfo<Place>& info) {
  return std::string(to_string(info.param.protocol)) + (info.param.tls ? "_tls" : "");
}
const auto kPlain =
    ::testing::Values(Place{Protocol::kGrpc, false}, Place{Protocol::kHttp, false}, Place{Protocol::kWebSocket, false});
const auto kTls = ::testing::Values(Place{Protocol::kGrpc, true}, Place{Protocol::kHttp, true}, Place{Protocol::kWebSocket, true});
INSTANTIATE_TEST_SUITE_P(Plain, PingTest, kPlain, name_of);
INSTANTIATE_TEST_SUITE_P(Tls, PingTest, kTls, name_of);
INSTANTIATE_TEST_SUITE_P(Tls, TlsPingTest, kTls, name_of);

}  // namespace
}  // namespace jina::client
