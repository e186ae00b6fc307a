#include "listener/tls_transport.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <optional>

#include "listener/acceptor.hpp"
#include "listener/connector.hpp"
#include "listener/test_certificate.hpp"

namespace jina::net {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
namespace asio = boost::asio;
using asio::ip::tcp;

class Tls : public testing::Test {
 protected:
  // A server that makes the TLS handshake and keeps the connection in `served_`.
  void serve(const TestCertificate& certificate) {
    auto context = TlsContext::server(certificate.certificate_file(), certificate.key_file(), {"h2", "http/1.1"});
    ASSERT_TRUE(context.ok()) << context.error().to_string();
    server_ = *context;
    const auto port = acceptor_.listen();
    ASSERT_TRUE(port.ok());
    port_ = std::to_string(*port);
    acceptor_.start([this](StreamSocket socket) {
      served_ = server_->make_transport(std::move(socket));
      served_->handshake([this](const Status& status) { server_status_ = status; });
    });
  }

  Result<std::unique_ptr<Transport>> connect_with(ConnectTls tls) {
    std::optional<Result<std::unique_ptr<Transport>>> result;
    connect(io_, "127.0.0.1:" + port_, 10s, std::move(tls),
            [&](Result<std::unique_ptr<Transport>> connected) { result.emplace(std::move(connected)); });
    while (!result) io_.run_one();
    return std::move(*result);
  }

  static std::shared_ptr<TlsContext> trusting(const TestCertificate& certificate, const std::vector<std::string>& alpn) {
    return TlsContext::client(alpn, certificate.certificate_file()).value();
  }

  asio::io_context io_;
  Acceptor acceptor_{io_, {.host = "127.0.0.1"}};
  std::shared_ptr<TlsContext> server_;
  std::unique_ptr<TlsTransport> served_;
  std::optional<Status> server_status_;
  std::string port_;
};

// Writes all of `data` to one side while reading at the other.
class Pump {
 public:
  Pump(Transport& from, Transport& to, std::string data) : from_(from), to_(to), data_(std::move(data)) {}
  std::string run(asio::io_context& io) {
    write();
    read();
    while (received_.size() < data_.size() && !failed_) io.run_one();
    return std::move(received_);
  }

 private:
  void write() {
    while (sent_ < data_.size()) {
      // Odd parts, some of them small, so that records are gathered as well as cut.
      iovec parts[3];
      int count = 0;
      std::size_t at = sent_;
      for (const std::size_t size : {std::size_t{3}, std::size_t{70'000}, std::size_t{500}}) {
        if (at == data_.size()) break;
        const std::size_t part = std::min(size, data_.size() - at);
        parts[count++] = {data_.data() + at, part};
        at += part;
      }
      const IoResult result = from_.writev(parts, count);
      if (result.status == IoStatus::kError) failed_ = true;
      if (result.status != IoStatus::kOk) break;
      sent_ += result.bytes;
    }
    if (sent_ < data_.size() && !failed_) from_.wait_writable([this](boost::system::error_code) { write(); });
  }
  void read() {
    char block[10'000];
    // One read per wait: what TLS still holds must be announced again.
    const IoResult result = to_.read(block, sizeof block);
    if (result.status == IoStatus::kOk) received_.append(block, result.bytes);
    if (result.status == IoStatus::kError || result.status == IoStatus::kEof) failed_ = true;
    if (received_.size() < data_.size() && !failed_) to_.wait_readable([this](boost::system::error_code) { read(); });
  }

  Transport& from_;
  Transport& to_;
  std::string data_, received_;
  std::size_t sent_ = 0;
  bool failed_ = false;
};

TEST_F(Tls, CarriesBytesBothWaysAndChoosesAProtocol) {
  const TestCertificate certificate;
  serve(certificate);
  const auto client = connect_with({trusting(certificate, {"h2"}), ""});
  ASSERT_TRUE(client.ok()) << client.error().to_string();
  while (!server_status_) io_.run_one();
  EXPECT_EQ((*client)->alpn(), "h2");
  EXPECT_EQ(served_->alpn(), "h2");
  EXPECT_TRUE((*client)->secure());
  std::string data(8'000'000, '\0');
  for (std::size_t i = 0; i < data.size(); ++i) data[i] = static_cast<char>(i * 31 >> 3);
  EXPECT_EQ(Pump(**client, *served_, data).run(io_), data);
  EXPECT_EQ(Pump(*served_, **client, data).run(io_), data);

  (*client)->shutdown_write();
  std::optional<IoStatus> end;
  served_->wait_readable([&](boost::system::error_code) {
    char byte;
    end = served_->read(&byte, 1).status;
  });
  while (!end) io_.run_one();
  EXPECT_EQ(*end, IoStatus::kEof);
}

TEST_F(Tls, WritingToALostPeerIsAnErrorAndNoSignal) {
  const TestCertificate certificate;
  serve(certificate);
  auto client = connect_with({trusting(certificate, {}), ""});
  ASSERT_TRUE(client.ok());
  while (!server_status_) io_.run_one();
  (*client)->close(true);
  std::string data(1000, 'x');
  iovec part{data.data(), data.size()};
  IoResult result;
  for (int i = 0; i < 1000 && result.status != IoStatus::kError; ++i) result = served_->writev(&part, 1);
  EXPECT_EQ(result.status, IoStatus::kError);
}

TEST_F(Tls, UntrustedCertificateIsRefused) {
  const TestCertificate certificate;
  serve(certificate);
  const auto client = connect_with({TlsContext::client({}).value(), ""});
  ASSERT_FALSE(client.ok());
  EXPECT_EQ(client.error().code, StatusCode::kUnavailable);
  EXPECT_THAT(client.error().message, HasSubstr("ipv4:127.0.0.1:" + port_ + ": Ssl handshake failed"));
  EXPECT_THAT(client.error().message, HasSubstr("self-signed certificate"));
}

TEST_F(Tls, CertificateOfAnotherNameIsRefused) {
  const TestCertificate certificate("DNS:other.example");
  serve(certificate);
  EXPECT_THAT(connect_with({trusting(certificate, {}), ""}).error().message, HasSubstr("IP address mismatch"));
  EXPECT_THAT(connect_with({trusting(certificate, {}), "third.example"}).error().message, HasSubstr("hostname mismatch"));
  EXPECT_TRUE(connect_with({trusting(certificate, {}), "other.example"}).ok());
}

TEST_F(Tls, PeerThatSpeaksNoTlsFailsTheHandshake) {
  const TestCertificate certificate;
  serve(certificate);
  auto client = connect_with({});
  ASSERT_TRUE(client.ok());
  std::string text = "GET / HTTP/1.1\r\n\r\n";
  iovec part{text.data(), text.size()};
  EXPECT_EQ((*client)->writev(&part, 1).status, IoStatus::kOk);
  while (!server_status_) io_.run_one();
  EXPECT_FALSE(server_status_->ok());
}

TEST_F(Tls, FilesThatDoNotWorkAreNamed) {
  const TestCertificate one, two;
  EXPECT_THAT(TlsContext::server("/no/such.pem", one.key_file(), {}).error().message, HasSubstr("'/no/such.pem': No such file"));
  EXPECT_THAT(TlsContext::server(one.certificate_file(), "/no/key.pem", {}).error().message,
              HasSubstr("'/no/key.pem': No such file"));
  EXPECT_THAT(TlsContext::server(one.key_file(), one.key_file(), {}).error().message, HasSubstr("certificate file"));
  EXPECT_THAT(TlsContext::server(one.certificate_file(), two.key_file(), {}).error().message, HasSubstr(two.key_file()));
}

}  // namespace
}  // namespace jina::net
