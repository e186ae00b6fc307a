// gRPC client and server against each other over a real socket on one I/O thread.
#include <gtest/gtest.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <functional>

#include "base/io_test_kit.hpp"
#include "listener/acceptor.hpp"
#include "listener/plain_transport.hpp"
#include "protocol/grpc/channel.hpp"
#include "protocol/grpc/framing.hpp"
#include "protocol/grpc/health.hpp"
#include "protocol/grpc/metadata.hpp"
#include "protocol/grpc/server_call.hpp"
#include "protocol/http2/connection.hpp"

namespace jina::grpc {
namespace {

using namespace std::chrono_literals;

// One accepted connection: every stream is an RPC.
class GrpcConnection final : public http2::ConnectionOwner {
 public:
  GrpcConnection(net::StreamSocket socket, const ServiceTable& table, std::size_t max_bytes)
      : table_(table), max_bytes_(max_bytes) {
    connection = std::make_shared<http2::Connection>(http2::Role::kServer, net::make_transport(std::move(socket)),
                                                     http2::ConnectionOptions{}, *this);
    connection->start({});
  }
  std::shared_ptr<http2::StreamObserver> on_stream(http2::Stream& stream) override { return std::make_shared<Head>(*this, stream); }
  void on_closed(const std::string&) override { connection.reset(); }

  std::shared_ptr<http2::Connection> connection;

 private:
  struct Head final : http2::StreamObserver {
    Head(GrpcConnection& owner, http2::Stream& on) : owner_(owner), stream_(on) {}
    void on_header(std::string_view name, std::string_view value) override { head_.add(name, value); }
    void on_headers_complete(bool end_stream) override {
      auto call = std::make_shared<ServerCallImpl>(stream_, std::move(head_), "peer", owner_.max_bytes_);
      stream_.set_observer(call);
      call->start(&owner_.table_, Tracer(), end_stream);
    }
    void on_data(Bytes) override {}
    void on_end() override {}
    void on_close(const http2::CloseReason&) override {}
    GrpcConnection& owner_;
    http2::Stream& stream_;
    http2::RequestHead head_;
  };
  const ServiceTable& table_;
  std::size_t max_bytes_;
};

class GrpcTest : public testing::Test {
 protected:
  void SetUp() override {
    table.add_unary("/t.T/Echo", [](std::shared_ptr<ServerCall> call, Buffer message) { call->reply({}, std::move(message), {}); });
    table.add_unary("/t.T/Gzip", [](std::shared_ptr<ServerCall> call, Buffer message) {
      call->set_compression(Compression::kGzip);
      call->reply({}, std::move(message), {});
    });
    table.add_unary("/t.T/Metadata", [](std::shared_ptr<ServerCall> call, Buffer) {
      call->send_initial_metadata({{"first", *find_value(call->context().metadata, "x-text")}});
      call->reply({}, Buffer::copy_of("m"), {{"last-bin", *find_value(call->context().metadata, "x-bin")}});
    });
    table.add_unary("/t.T/Fail", [](std::shared_ptr<ServerCall> call, Buffer) {
      call->reply({StatusCode::kFailedPrecondition, "nö: 100% \n sure"}, {}, {{"why", "because"}});
    });
    table.add_unary("/t.T/Never", [this](std::shared_ptr<ServerCall> call, Buffer) { kept.push_back(std::move(call)); });
    table.add_stream("/t.T/Bidi", [](std::shared_ptr<ServerCall> call) { echo(std::move(call)); });
    acceptor = std::make_unique<net::Acceptor>(io, net::AcceptorOptions{.host = "127.0.0.1"});
    port = *acceptor->listen();
    acceptor->start([this](net::StreamSocket socket) {
      connections.push_back(std::make_unique<GrpcConnection>(std::move(socket), table, max_bytes));
    });
    channel = std::make_unique<Channel>(io, "127.0.0.1:" + std::to_string(port));
  }
  void TearDown() override {
    channel.reset();
    acceptor->stop();
    for (auto& each : connections)
      if (each->connection) each->connection->abort("test over");
    kept.clear();
    io.restart();
    io.run_for(1s);
  }

  static void echo(std::shared_ptr<ServerCall> call) {
    ServerCall& stream = *call;
    stream.read([call = std::move(call)](std::optional<Buffer> message) mutable {
      if (!message) return call->finish({}, {{"done", "yes"}});
      call->write(std::move(*message));
      ServerCall& out = *call;
      out.when_writable([call = std::move(call)]() mutable { echo(std::move(call)); });
    });
  }

  UnaryReply unary(std::string path, Buffer message, CallOptions options = {}) {
    std::optional<UnaryReply> reply;
    channel->unary(path, std::move(message), std::move(options), [&](UnaryReply got) { reply = std::move(got); });
    run_until(io, [&] { return reply.has_value(); });
    return reply ? std::move(*reply) : UnaryReply{};
  }

  boost::asio::io_context io{1};
  ServiceTable table;
  std::vector<std::shared_ptr<ServerCall>> kept;
  std::unique_ptr<net::Acceptor> acceptor;
  std::vector<std::unique_ptr<GrpcConnection>> connections;
  std::size_t max_bytes = static_cast<std::size_t>(-1);
  std::uint16_t port = 0;
  std::unique_ptr<Channel> channel;
};

TEST_F(GrpcTest, UnaryEchoes) {
  const UnaryReply reply = unary("/t.T/Echo", Buffer::copy_of("hello"));
  EXPECT_TRUE(reply.status.ok()) << reply.status.to_string();
  EXPECT_EQ(reply.message.str(), "hello");
}

TEST_F(GrpcTest, EmptyMessageIsAMessage) {
  const UnaryReply reply = unary("/t.T/Echo", {});
  EXPECT_TRUE(reply.status.ok()) << reply.status.to_string();
  EXPECT_TRUE(reply.message.empty());
}

TEST_F(GrpcTest, LargeMessagesCrossBothWays) {
  std::string large(9 << 20, 'x');
  for (std::size_t i = 0; i < large.size(); i += 4096) large[i] = static_cast<char>('a' + i / 4096 % 26);
  const UnaryReply reply = unary("/t.T/Echo", Buffer::copy_of(large));
  EXPECT_TRUE(reply.status.ok()) << reply.status.to_string();
  EXPECT_TRUE(reply.message.str() == large);
}

TEST_F(GrpcTest, MetadataCrossesBothWaysBinaryToo) {
  const std::string binary("\x00\xff\x01", 3);
  CallOptions options;
  options.metadata = {{"x-text", "hi"}, {"x-bin", binary}};
  const UnaryReply reply = unary("/t.T/Metadata", Buffer::copy_of("m"), std::move(options));
  ASSERT_TRUE(reply.status.ok()) << reply.status.to_string();
  ASSERT_NE(find_value(reply.initial, "first"), nullptr);
  EXPECT_EQ(*find_value(reply.initial, "first"), "hi");
  ASSERT_NE(find_value(reply.trailing, "last-bin"), nullptr);
  EXPECT_EQ(*find_value(reply.trailing, "last-bin"), binary);
}

TEST_F(GrpcTest, StatusAndTextArriveUnchanged) {
  const UnaryReply reply = unary("/t.T/Fail", Buffer::copy_of("m"));
  EXPECT_EQ(reply.status, (Status{StatusCode::kFailedPrecondition, "nö: 100% \n sure"}));
  ASSERT_NE(find_value(reply.trailing, "why"), nullptr);
}

TEST_F(GrpcTest, UnknownMethodIsUnimplemented) {
  EXPECT_EQ(unary("/t.T/Nope", Buffer::copy_of("m")).status, (Status{StatusCode::kUnimplemented, "Method not found!"}));
}

TEST_F(GrpcTest, CompressedBothWays) {
  const std::string text(100'000, 'z');
  for (const Compression compression : {Compression::kGzip, Compression::kDeflate}) {
    CallOptions options;
    options.compression = compression;
    const UnaryReply reply = unary("/t.T/Gzip", Buffer::copy_of(text), std::move(options));
    EXPECT_TRUE(reply.status.ok()) << reply.status.to_string();
    EXPECT_TRUE(reply.message.str() == text);
  }
}

TEST_F(GrpcTest, DeadlineEndsTheCallOnBothSides) {
  CallOptions options;
  options.deadline = std::chrono::steady_clock::now() + 30ms;
  EXPECT_EQ(unary("/t.T/Never", Buffer::copy_of("m"), std::move(options)).status,
            (Status{StatusCode::kDeadlineExceeded, "Deadline Exceeded"}));
  ASSERT_EQ(kept.size(), 1u);
  run_until(io, [&] { return kept.front()->context().cancelled(); });
}

TEST_F(GrpcTest, CancelReachesTheServer) {
  std::optional<UnaryReply> reply;
  CallHandle handle = channel->unary("/t.T/Never", Buffer::copy_of("m"), {}, [&](UnaryReply got) { reply = std::move(got); });
  run_until(io, [&] { return !kept.empty(); });
  handle.cancel();
  EXPECT_FALSE(reply.has_value()) << "the completion must not run inside cancel()";
  run_until(io, [&] { return reply.has_value(); });
  EXPECT_EQ(reply->status.code, StatusCode::kCancelled);
  run_until(io, [&] { return kept.front()->context().cancelled(); });
  EXPECT_EQ(kept.front()->context().cancel_reason(), CancelReason::kClient);
  EXPECT_EQ(channel->outstanding(), 0u);
}

TEST_F(GrpcTest, MessageOverTheLimitIsRefused) {
  max_bytes = 1000;
  EXPECT_EQ(unary("/t.T/Echo", Buffer::copy_of(std::string(2'000'000, 'x'))).status.code, StatusCode::kResourceExhausted);
  EXPECT_TRUE(unary("/t.T/Echo", Buffer::copy_of("small")).status.ok()) << "the connection goes on";
}

TEST_F(GrpcTest, BidirectionalStreamKeepsOrder) {
  const std::shared_ptr<ClientStream> stream = channel->open("/t.T/Bidi", {});
  constexpr int kMessages = 500;
  for (int i = 0; i < kMessages; ++i) EXPECT_TRUE(stream->write(Buffer::copy_of(std::to_string(i))));
  stream->writes_done();
  std::vector<std::string> got;
  bool over = false;
  std::function<void()> next = [&] {
    stream->read([&](std::optional<Buffer> message) {
      if (!message) {
        over = true;
        return;
      }
      got.push_back(message->str());
      next();
    });
  };
  next();
  run_until(io, [&] { return over; });
  ASSERT_EQ(got.size(), static_cast<std::size_t>(kMessages));
  for (int i = 0; i < kMessages; ++i) EXPECT_EQ(got[i], std::to_string(i));
  EXPECT_TRUE(stream->status().ok());
  EXPECT_NE(find_value(stream->trailing(), "done"), nullptr);
}

TEST_F(GrpcTest, SlowReaderHoldsTheWriterBack) {
  const std::shared_ptr<ClientStream> stream = channel->open("/t.T/Bidi", {});
  const std::string piece(64 * 1024, 'p');
  // Nobody reads the echoes: their window fills, the server stops reading, and our queue grows beyond the high-water mark.
  int written = 0;
  bool writable = true;
  for (; written < 2000 && stream->queued_bytes() < 4 * http2::Stream::kHighWater; ++written) {
    stream->write(Buffer::copy_of(piece));
    io.restart();
    io.poll();
  }
  ASSERT_LT(written, 2000) << "the writer was never held back";
  writable = false;
  stream->when_writable([&] { writable = true; });
  EXPECT_FALSE(writable);
  stream->writes_done();
  int got = 0;
  bool over = false;
  std::function<void()> next = [&] {
    stream->read([&](std::optional<Buffer> message) {
      if (!message) {
        over = true;
        return;
      }
      ++got;
      next();
    });
  };
  next();
  run_until(io, [&] { return over; });
  EXPECT_EQ(got, written);
  EXPECT_TRUE(writable);
}

TEST_F(GrpcTest, AThousandCallsAtOnce) {
  int ok = 0;
  for (int i = 0; i < 1500; ++i)
    channel->unary("/t.T/Echo", Buffer::copy_of(std::to_string(i)), {},
                   [&ok, i](UnaryReply reply) { ok += reply.status.ok() && reply.message.str() == std::to_string(i); });
  run_until(io, [&] { return ok == 1500; });
  EXPECT_EQ(connections.size(), 1u);
}

TEST_F(GrpcTest, RefusedConnectionSaysWhere) {
  const std::string address = "127.0.0.1:" + std::to_string(port);
  acceptor->stop();
  const UnaryReply reply = unary("/t.T/Echo", Buffer::copy_of("m"));
  EXPECT_EQ(reply.status.code, StatusCode::kUnavailable);
  EXPECT_EQ(reply.status.message, "failed to connect to all addresses; last error: UNKNOWN: ipv4:" + address +
                                      ": Failed to connect to remote host: Connection refused");
  EXPECT_TRUE(reply.safe_to_retry);
}

TEST_F(GrpcTest, LostConnectionFailsItsCallsAndTheNextOneReconnects) {
  std::optional<UnaryReply> reply;
  channel->unary("/t.T/Never", Buffer::copy_of("m"), {}, [&](UnaryReply got) { reply = std::move(got); });
  run_until(io, [&] { return !kept.empty(); });
  connections.front()->connection->abort("cut");
  run_until(io, [&] { return reply.has_value(); });
  EXPECT_EQ(reply->status.code, StatusCode::kUnavailable);
  EXPECT_FALSE(reply->safe_to_retry);
  EXPECT_TRUE(unary("/t.T/Echo", Buffer::copy_of("again")).status.ok());
}

TEST_F(GrpcTest, DrainLetsTheRunningCallFinish) {
  std::optional<UnaryReply> reply;
  channel->unary("/t.T/Never", Buffer::copy_of("m"), {}, [&](UnaryReply got) { reply = std::move(got); });
  run_until(io, [&] { return !kept.empty(); });
  connections.front()->connection->drain();
  run_until(io, [&] { return channel->state() != ChannelState::kReady; });
  EXPECT_FALSE(reply.has_value());
  kept.front()->reply({}, Buffer::copy_of("late"), {});
  run_until(io, [&] { return reply.has_value(); });
  EXPECT_TRUE(reply->status.ok()) << reply->status.to_string();
  run_until(io, [&] { return !connections.front()->connection; });
}

TEST_F(GrpcTest, AChannelMayGoInsideTheLastCallbackOfAPeerThatSpeaksSomethingElse) {
  boost::asio::ip::tcp::acceptor other(io, {boost::asio::ip::address_v4::loopback(), 0});
  boost::asio::ip::tcp::socket socket(io);
  other.async_accept(
      socket, [&](const boost::system::error_code&) { boost::asio::write(socket, boost::asio::buffer("220 hello\r\n", 11)); });
  channel = std::make_unique<Channel>(io, "127.0.0.1:" + std::to_string(other.local_endpoint().port()));
  std::optional<Status> status;
  channel->unary("/t.T/Echo", Buffer::copy_of("x"), {}, [&](UnaryReply reply) {
    channel.reset();
    status = reply.status;
  });
  run_until(io, [&] { return status.has_value(); });
  EXPECT_EQ(status->code, StatusCode::kUnavailable);
}

TEST(GrpcMetadata, Timeouts) {
  EXPECT_EQ(parse_timeout("100m"), 100ms);
  EXPECT_EQ(parse_timeout("5S"), 5s);
  EXPECT_EQ(parse_timeout("99999999H"), std::chrono::nanoseconds(INT64_MAX));
  for (const char* bad : {"", "5", "S", "-1S", "1x", "123456789S", "1.5S"}) EXPECT_FALSE(parse_timeout(bad)) << bad;
  EXPECT_EQ(format_timeout(100ms), "100000u");
  EXPECT_EQ(format_timeout(-5ms), "1n");
  EXPECT_EQ(parse_timeout(format_timeout(1234567890123ns)), 1234568ms) << "rounded up to what eight digits hold";
}

TEST(GrpcFraming, BrokenPrefixIsAnError) {
  MessageReader reader(Compression::kIdentity, 100);
  reader.feed(Bytes::copy_of(std::string_view("\x02\0\0\0\1x", 6)));
  EXPECT_EQ(reader.next().status().code, StatusCode::kInternal);
  MessageReader flagged(Compression::kIdentity, 100);
  flagged.feed(Bytes::copy_of(std::string_view("\x01\0\0\0\1x", 6)));
  EXPECT_EQ(flagged.next().status().code, StatusCode::kInternal);
}

TEST(GrpcFraming, AnyPartitionGivesTheSameMessages) {
  std::string bytes;
  for (const char* text : {"", "a", "hello"}) bytes += frame_message(Buffer::copy_of(text), Compression::kIdentity).str();
  for (std::size_t step = 1; step <= bytes.size(); ++step) {
    MessageReader reader(Compression::kIdentity, 100);
    std::vector<std::string> got;
    for (std::size_t at = 0; at < bytes.size(); at += step) {
      reader.feed(Bytes::copy_of(std::string_view(bytes).substr(at, step)));
      for (;;) {
        auto message = reader.next();
        ASSERT_TRUE(message.ok());
        if (!*message) break;
        got.push_back((*message)->str());
      }
    }
    EXPECT_EQ(got, (std::vector<std::string>{"", "a", "hello"}));
    EXPECT_TRUE(reader.at_boundary());
  }
}

TEST(GrpcFraming, ADecompressionBombIsRefused) {
  Buffer framed = frame_message(Buffer::copy_of(std::string(10'000'000, '0')), Compression::kGzip);
  MessageReader reader(Compression::kGzip, 1'000'000);
  for (const Bytes& piece : framed.pieces()) reader.feed(piece);
  EXPECT_EQ(reader.next().status().code, StatusCode::kResourceExhausted);
}

}  // namespace
}  // namespace jina::grpc
