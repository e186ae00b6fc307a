#include "listener/connector.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>

#include "listener/acceptor.hpp"
#include "listener/address.hpp"
#include "listener/local_twin.hpp"

namespace jina::net {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
namespace asio = boost::asio;
using asio::ip::tcp;
using Connected = Result<std::unique_ptr<Transport>>;

// Runs the loop until the attempt completed; the completion stops it.
Connected connect_to(asio::io_context& io, const std::string& address, std::chrono::milliseconds timeout = 5s) {
  std::optional<Connected> result;
  connect(io, address, timeout, {}, [&](Connected connected) {
    result.emplace(std::move(connected));
    io.stop();
  });
  EXPECT_FALSE(result.has_value()) << "completed inside the call";
  io.restart();
  io.run();
  return std::move(*result);
}

std::uint16_t free_port(asio::io_context& io, const tcp::endpoint& endpoint) {
  tcp::acceptor acceptor(io, endpoint);
  return acceptor.local_endpoint().port();
}

TEST(Address, TakesApart) {
  EXPECT_EQ(parse_host_port("example.com:80")->host, "example.com");
  EXPECT_EQ(parse_host_port("[::1]:8080")->host, "::1");
  EXPECT_EQ(parse_host_port("[::1]:8080")->port, 8080);
  for (const char* wrong :
       {"", "host", "host:", ":80", "::1:80", "[::1]", "[::1", "host:65536", "host:-1", "host:8a", "host: 80"}) {
    const auto result = parse_host_port(wrong);
    ASSERT_FALSE(result.ok()) << wrong;
    EXPECT_THAT(result.error().message, HasSubstr("host:port")) << wrong;
  }
}

TEST(Connector, ConnectsByNumberAndByName) {
  asio::io_context io;
  Acceptor acceptor(io, {.host = "127.0.0.1"});
  const auto port = acceptor.listen();
  ASSERT_TRUE(port.ok()) << port.error().to_string();
  acceptor.start([](StreamSocket) {});
  for (const std::string host : {"127.0.0.1", "localhost"}) {
    const auto connected = connect_to(io, host + ":" + std::to_string(*port));
    ASSERT_TRUE(connected.ok()) << connected.error().to_string();
    EXPECT_EQ((*connected)->peer(), "127.0.0.1:" + std::to_string(*port));
    EXPECT_FALSE((*connected)->secure());
  }
}

TEST(Connector, RefusalReadsLikeGrpc) {
  asio::io_context io;
  const auto port = std::to_string(free_port(io, {asio::ip::make_address("127.0.0.1"), 0}));
  const auto connected = connect_to(io, "127.0.0.1:" + port);
  ASSERT_FALSE(connected.ok());
  EXPECT_EQ(connected.error().code, StatusCode::kUnavailable);
  EXPECT_EQ(connected.error().message, "failed to connect to all addresses; last error: UNKNOWN: ipv4:127.0.0.1:" + port +
                                           ": Failed to connect to remote host: Connection refused");
}

TEST(Connector, RefusalOverIpv6ReadsLikeGrpc) {
  asio::io_context io;
  const auto connected = connect_to(io, "[::1]:1");
  ASSERT_FALSE(connected.ok());
  EXPECT_THAT(connected.error().message, HasSubstr("UNKNOWN: ipv6:[::1]:1: Failed to connect to remote host: "));
}

TEST(Connector, WrongAddressIsAnArgumentError) {
  asio::io_context io;
  EXPECT_EQ(connect_to(io, "nowhere").error().code, StatusCode::kInvalidArgument);
}

TEST(Connector, UnknownHostNamesIt) {
  asio::io_context io;
  const auto connected = connect_to(io, "no-such-host.invalid:1", 20s);
  EXPECT_EQ(connected.error().code, StatusCode::kUnavailable);
  EXPECT_THAT(connected.error().message, HasSubstr("DNS resolution failed for no-such-host.invalid:1"));
}

TEST(Connector, CancelCompletesOnceWithCancelled) {
  asio::io_context io;
  tcp::acceptor listening(io, {asio::ip::make_address("127.0.0.1"), 0});
  std::vector<StatusCode> codes;
  ConnectHandle handle = connect(io, "127.0.0.1:" + std::to_string(listening.local_endpoint().port()), 5s, {},
                                 [&](Connected connected) { codes.push_back(connected.status().code); });
  handle.cancel();
  EXPECT_TRUE(codes.empty());
  io.run();  // returns: nothing is left behind
  EXPECT_THAT(codes, testing::ElementsAre(StatusCode::kCancelled));
  handle.cancel();
}

TEST(Connector, TimesOut) {
  asio::io_context io;
  // A listener whose queue is full drops further SYNs: connecting neither succeeds nor fails.
  tcp::acceptor full(io);
  full.open(tcp::v4());
  full.bind({asio::ip::make_address("127.0.0.1"), 0});
  full.listen(0);
  std::vector<tcp::socket> filling;
  for (int i = 0; i < 4; ++i) filling.emplace_back(io);
  for (auto& socket : filling) socket.async_connect(full.local_endpoint(), [](boost::system::error_code) {});
  const auto address = "127.0.0.1:" + std::to_string(full.local_endpoint().port());
  const auto connected = connect_to(io, address, 20ms);
  ASSERT_FALSE(connected.ok());
  EXPECT_EQ(connected.error().message, "failed to connect to all addresses; last error: UNKNOWN: ipv4:" + address +
                                           ": Failed to connect to remote host: Timeout occurred");
}

TEST(LocalTwin, IsTakenInsteadOfThePort) {
  asio::io_context io;
  for (const std::string host : {"127.0.0.1", "0.0.0.0"}) {
    Acceptor acceptor(io, {.host = host, .local_twin = true});
    const auto port = acceptor.listen();
    ASSERT_TRUE(port.ok()) << port.error().to_string();
    acceptor.start([](StreamSocket) {});
    for (const std::string to : {"127.0.0.1", "0.0.0.0", "localhost"}) {
      const auto connected = connect_to(io, to + ":" + std::to_string(*port));
      ASSERT_TRUE(connected.ok()) << connected.error().to_string();
      EXPECT_EQ((*connected)->peer(), "unix:") << host << " from " << to;
    }
  }
}

TEST(LocalTwin, BelongsToOneAddressOnly) {
  asio::io_context io;
  Acceptor with_twin(io, {.host = "127.0.0.1", .local_twin = true});
  const auto port = with_twin.listen();
  ASSERT_TRUE(port.ok());
  Acceptor neighbour(io, {.host = "127.0.0.2", .port = *port});
  ASSERT_TRUE(neighbour.listen().ok());
  neighbour.start([](StreamSocket) {});
  const auto connected = connect_to(io, "127.0.0.2:" + std::to_string(*port));
  ASSERT_TRUE(connected.ok());
  EXPECT_EQ((*connected)->peer(), "127.0.0.2:" + std::to_string(*port));
}

TEST(LocalTwin, GoesWithItsPort) {
  asio::io_context io;
  std::uint16_t port = 0;
  {
    Acceptor acceptor(io, {.host = "127.0.0.1", .local_twin = true});
    port = *acceptor.listen();
  }
  EXPECT_EQ(connect_to(io, "127.0.0.1:" + std::to_string(port)).error().code, StatusCode::kUnavailable);
}

TEST(LocalTwin, ATakenNameLeavesThePort) {
  asio::io_context io;
  const auto port = free_port(io, {asio::ip::make_address("127.0.0.1"), 0});
  const auto squatter = listen_twin(io, {asio::ip::make_address("127.0.0.1"), port}, 1);
  ASSERT_TRUE(squatter);
  Acceptor acceptor(io, {.host = "127.0.0.1", .port = port, .local_twin = true});
  EXPECT_TRUE(acceptor.listen().ok());
}

TEST(LocalTwin, CountsAmongTheConnections) {
  asio::io_context io;
  Acceptor acceptor(io, {.host = "127.0.0.1", .local_twin = true, .max_connections = 1});
  const auto port = acceptor.listen();
  ASSERT_TRUE(port.ok());
  std::vector<StreamSocket> accepted;
  acceptor.start([&](StreamSocket socket) { accepted.push_back(std::move(socket)); });
  const auto first = connect_to(io, "127.0.0.1:" + std::to_string(*port));
  tcp::socket second(io);
  second.connect({asio::ip::make_address("127.0.0.1"), *port});  // as somebody who knows no twins
  ASSERT_TRUE(first.ok());
  io.restart();
  io.poll();
  EXPECT_EQ(accepted.size(), 1u);
  acceptor.connection_closed();
  io.restart();
  io.poll();
  EXPECT_EQ(accepted.size(), 2u);
}

TEST(Acceptor, TakenPortIsOneClearError) {
  asio::io_context io;
  Acceptor first(io, {.host = "127.0.0.1"});
  const auto port = first.listen();
  ASSERT_TRUE(port.ok());
  for (const std::string host : {"127.0.0.1", "0.0.0.0"}) {
    Acceptor other(io, {.host = host, .port = *port});
    const auto taken = other.listen();
    ASSERT_FALSE(taken.ok()) << host;
    EXPECT_EQ(taken.error().code, StatusCode::kAlreadyExists);
    EXPECT_THAT(taken.error().message, HasSubstr("port " + std::to_string(*port) + " on host " + host + " is already in use"));
  }
}

TEST(Acceptor, ThreadsOfAServerShareAPort) {
  asio::io_context io;
  Acceptor first(io, {.host = "127.0.0.1"});
  const auto port = first.listen();
  ASSERT_TRUE(port.ok());
  Acceptor second(io, {.host = "127.0.0.1", .port = *port, .share_port = true});
  const auto shared = second.listen();
  ASSERT_TRUE(shared.ok()) << shared.error().to_string();
  EXPECT_EQ(*shared, *port);
  // Both get connections: the kernel spreads them by their source port.
  int at_first = 0, at_second = 0;
  first.start([&](StreamSocket) { ++at_first; });
  second.start([&](StreamSocket) { ++at_second; });
  for (int i = 0; i < 200 && (at_first == 0 || at_second == 0); ++i)
    ASSERT_TRUE(connect_to(io, "127.0.0.1:" + std::to_string(*port)).ok());
  EXPECT_GT(at_first, 0);
  EXPECT_GT(at_second, 0);
}

TEST(Acceptor, UnknownAndForeignHosts) {
  asio::io_context io;
  EXPECT_THAT(Acceptor(io, {.host = "no-such-host.invalid"}).listen().error().message,
              HasSubstr("unknown host 'no-such-host.invalid'"));
  EXPECT_THAT(Acceptor(io, {.host = "192.0.2.1"}).listen().error().message, HasSubstr("no such address"));
}

TEST(Acceptor, HoldsToTheConnectionLimit) {
  asio::io_context io;
  Acceptor acceptor(io, {.host = "127.0.0.1", .max_connections = 1});
  const auto port = acceptor.listen();
  int accepted = 0;
  acceptor.start([&](StreamSocket) { ++accepted; });
  const auto address = "127.0.0.1:" + std::to_string(*port);
  const auto first = connect_to(io, address), second = connect_to(io, address);
  ASSERT_TRUE(first.ok() && second.ok());  // the second one waits in the kernel's queue
  io.restart();
  io.poll();
  EXPECT_EQ(accepted, 1);
  acceptor.connection_closed();
  io.restart();
  while (accepted < 2) io.run_one();
  EXPECT_EQ(acceptor.connection_count(), 1u);
}

}  // namespace
}  // namespace jina::net
