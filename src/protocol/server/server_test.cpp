// Server: one port for all protocols, TLS, taken ports.
#include "protocol/server/server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include "listener/test_certificate.hpp"
#include "protocol/server/http_test_server.hpp"

namespace jina::protocol {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::StartsWith;

class Hello final : public http::Handler {
 public:
  Task<http::Response> handle(RequestContext&, http::Request request) override {
    http::Response response;
    response.body = Buffer::copy_of(std::string("hello ") + (request.secure ? "securely" : "plainly"));
    co_return response;
  }
};

const std::string kGet = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
const std::string kHttp2 =
    std::string("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n") + std::string("\0\0\0\4\0\0\0\0\0", 9);  // preface, empty SETTINGS

// The type of the first HTTP/2 frame that comes: 4 is SETTINGS.
int first_frame_type(TestClient& client) {
  const std::string header = client.read_exactly(9);
  return header.size() == 9 ? header[3] : -1;
}

TEST(Server, TellsHttp2FromHttp1) {
  Hello hello;
  HttpTestServer server(hello);
  for (const bool byte_by_byte : {false, true}) {
    const auto send = [&](TestClient& client, const std::string& data) {
      byte_by_byte ? client.send_byte_by_byte(data) : client.send(data);
    };
    TestClient http1(server.port()), http2(server.port());
    send(http1, kGet);
    EXPECT_EQ(http1.read_response().body, "hello plainly");
    send(http2, kHttp2);
    EXPECT_EQ(first_frame_type(http2), 4);
  }
}

TEST(Server, PrefaceThatGoesAnotherWayIsHttp1) {
  Hello hello;
  HttpTestServer server(hello);
  TestClient other_method(server.port());
  other_method.send_byte_by_byte("PRINT / HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(other_method.read_response().body, "hello plainly");
  TestClient other_version(server.port());
  other_version.send_byte_by_byte("PRI * HTTP/2.1\r\n\r\n");
  EXPECT_EQ(other_version.read_response().status, 505);
}

TEST(Server, HalfAPrefaceTimesOut) {
  Hello hello;
  ServerOptions options;
  options.http_limits.header_timeout = 50ms;
  HttpTestServer server(hello, options);
  TestClient client(server.port());
  client.send("PRI * HT");
  EXPECT_EQ(client.read_to_end(), "");
  EXPECT_TRUE(client.ended());
}

TEST(Server, WithoutAHandlerEverythingIs404) {
  boost::asio::io_context io;
  Server server(io, {.host = "127.0.0.1"}, nullptr, nullptr);
  const auto port = server.listen();
  ASSERT_TRUE(port.ok());
  std::thread thread([&] { io.run(); });
  TestClient client(*port);
  client.send(kGet);
  const auto response = client.read_response();
  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(response.body, R"({"detail":"Not Found"})");
  boost::asio::post(io, [&] { server.stop(0ms, [&] { io.stop(); }); });
  thread.join();
}

TEST(Server, WithoutAnHttpHandlerAWrongPrefaceClosesTheConnection) {
  boost::asio::io_context io;
  Server server(io, {.host = "127.0.0.1"}, nullptr, nullptr);
  const auto port = server.listen();
  ASSERT_TRUE(port.ok());
  std::thread thread([&] { io.run(); });
  TestClient client(*port);
  client.send("INVALID CONNECTION PREFACE\r\n\r\n");
  EXPECT_EQ(client.read_to_end(), "");
  EXPECT_TRUE(client.ended());
  boost::asio::post(io, [&] { server.stop(0ms, [&] { io.stop(); }); });
  thread.join();
}

TEST(Server, ErrorsOfListenSayWhatToDo) {
  boost::asio::io_context io;
  Server first(io, {.host = "127.0.0.1"}, nullptr, nullptr);
  const auto port = first.listen();
  ASSERT_TRUE(port.ok());
  Server second(io, {.host = "127.0.0.1", .port = *port}, nullptr, nullptr);
  EXPECT_THAT(second.listen().error().message, HasSubstr("port " + std::to_string(*port) + " on host 127.0.0.1 is already in use"));
  Server sharing(io, {.host = "127.0.0.1", .port = *port, .share_port = true}, nullptr, nullptr);
  EXPECT_TRUE(sharing.listen().ok());
  Server no_certificate(io, {.host = "127.0.0.1", .tls = {"/no/such/file.pem", "/no/key.pem"}}, nullptr, nullptr);
  EXPECT_THAT(no_certificate.listen().error().message, HasSubstr("'/no/such/file.pem'"));
}

TEST(Server, FullServerServesTheNextOneWhenAnotherLeaves) {
  Hello hello;
  ServerOptions options;
  options.max_connections = 2;
  HttpTestServer server(hello, options);
  auto first = std::make_unique<TestClient>(server.port());
  TestClient second(server.port());
  for (TestClient* client : {first.get(), &second}) {
    client->send(kGet);
    EXPECT_EQ(client->read_response().status, 200);
  }
  TestClient third(server.port());
  third.send(kGet);
  second.send(kGet);
  EXPECT_EQ(second.read_response().status, 200);
  EXPECT_EQ(server.connections(), 2u);
  first.reset();
  EXPECT_EQ(third.read_response().status, 200);
}

// A blocking TLS client that trusts nothing and everything.
class TlsClient {
 public:
  TlsClient(std::uint16_t port, std::string alpn)
      : client_(port), context_(SSL_CTX_new(TLS_client_method())), ssl_(SSL_new(context_)) {
    client_.socket().native_non_blocking(false);
    if (!alpn.empty()) {
      alpn.insert(alpn.begin(), static_cast<char>(alpn.size()));
      SSL_set_alpn_protos(ssl_, reinterpret_cast<const unsigned char*>(alpn.data()), static_cast<unsigned>(alpn.size()));
    }
    SSL_set_fd(ssl_, client_.socket().native_handle());
    EXPECT_EQ(SSL_connect(ssl_), 1);
  }
  ~TlsClient() {
    SSL_free(ssl_);
    SSL_CTX_free(context_);
  }
  std::string alpn() const {
    const unsigned char* name = nullptr;
    unsigned size = 0;
    SSL_get0_alpn_selected(ssl_, &name, &size);
    return std::string(reinterpret_cast<const char*>(name), size);
  }
  void send(const std::string& data) {
    EXPECT_EQ(SSL_write(ssl_, data.data(), static_cast<int>(data.size())), static_cast<int>(data.size()));
  }
  std::string read_until(const std::string& end) {
    std::string text;
    char byte;
    while (!text.ends_with(end) && SSL_read(ssl_, &byte, 1) == 1) text += byte;
    return text;
  }

 private:
  TestClient client_;
  SSL_CTX* context_;
  SSL* ssl_;
};

TEST(Server, Tls) {
  const net::TestCertificate certificate;
  Hello hello;
  ServerOptions options;
  options.tls = {certificate.certificate_file(), certificate.key_file()};
  HttpTestServer server(hello, options);
  {
    TlsClient http1(server.port(), "http/1.1");
    EXPECT_EQ(http1.alpn(), "http/1.1");
    http1.send(kGet + kGet);
    EXPECT_THAT(http1.read_until("securely"), StartsWith("HTTP/1.1 200 OK"));
    EXPECT_THAT(http1.read_until("securely"), StartsWith("HTTP/1.1 200 OK"));
  }
  {
    TlsClient silent_about_it(server.port(), "");
    silent_about_it.send(kGet);
    EXPECT_THAT(silent_about_it.read_until("securely"), StartsWith("HTTP/1.1 200 OK"));
  }
  {
    TlsClient http2(server.port(), "h2");
    EXPECT_EQ(http2.alpn(), "h2");
    http2.send(kHttp2);
    EXPECT_EQ(http2.read_until(std::string(1, '\4')).back(), '\4');
  }
  TestClient plain(server.port());
  plain.send(kGet);
  plain.read_to_end();  // an alert, then the end; the server lives on
  while (server.connections() != 0) std::this_thread::yield();
}

TEST(Server, TlsHandshakeTimesOut) {
  const net::TestCertificate certificate;
  Hello hello;
  ServerOptions options;
  options.tls = {certificate.certificate_file(), certificate.key_file()};
  options.http_limits.header_timeout = 50ms;
  HttpTestServer server(hello, options);
  TestClient silent(server.port());
  EXPECT_EQ(silent.read_to_end(), "");
}

}  // namespace
}  // namespace jina::protocol
