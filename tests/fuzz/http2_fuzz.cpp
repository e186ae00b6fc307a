// An HTTP/2 connection, server side and client side, over a socket that gives what the fuzzer says and takes everything: every
// stream that began is closed, and the connection ends.
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "protocol/http2/connection.hpp"
#include "protocol/http2/request_head.hpp"

namespace {

namespace http2 = jina::http2;
namespace net = jina::net;

class FedTransport final : public net::Transport {
 public:
  FedTransport(boost::asio::io_context& io, std::string_view bytes, std::size_t piece) : io_(io), bytes_(bytes), piece_(piece) {}

  net::IoResult read(char* data, std::size_t size) override {
    if (!open_) return {net::IoStatus::kError, 0, boost::asio::error::bad_descriptor};
    if (bytes_.empty()) return {net::IoStatus::kEof};
    size = std::min({size, piece_, bytes_.size()});
    bytes_.copy(data, size);
    bytes_.remove_prefix(size);
    return {net::IoStatus::kOk, size};
  }
  net::IoResult writev(const iovec* parts, int count) override {
    if (!open_) return {net::IoStatus::kError, 0, boost::asio::error::bad_descriptor};
    std::size_t size = 0;
    for (int i = 0; i < count; ++i) size += parts[i].iov_len;
    return {net::IoStatus::kOk, size};
  }
  void wait_readable(net::WaitCallback done) override { wait(std::move(done)); }
  void wait_writable(net::WaitCallback done) override { wait(std::move(done)); }
  void shutdown_write() override {}
  void close(bool) override { open_ = false; }
  bool is_open() const noexcept override { return open_; }
  boost::asio::any_io_executor executor() override { return io_.get_executor(); }
  std::string peer() const override { return "127.0.0.1:1"; }
  bool secure() const noexcept override { return false; }
  std::string_view alpn() const noexcept override { return {}; }

 private:
  void wait(net::WaitCallback done) {
    boost::asio::post(io_, [done = std::move(done)]() mutable { done({}); });
  }

  boost::asio::io_context& io_;
  std::string_view bytes_;
  std::size_t piece_;
  bool open_ = true;
};

// Answers each request with its own body.
class Echo final : public http2::StreamObserver {
 public:
  Echo(http2::Stream* stream, int& open) : stream_(stream), open_(open) { ++open_; }
  void set_stream(http2::Stream* stream) { stream_ = stream; }
  void on_header(std::string_view name, std::string_view value) override { head_.add(name, value); }
  void on_headers_complete(bool end_stream) override {
    if (end_stream) on_end();
  }
  void on_data(jina::Bytes data) override {
    stream_->consume(data.size());
    body_.append(std::move(data));
  }
  void on_end() override {
    if (answered_ || !server_) return;
    answered_ = true;
    const http2::Header headers[] = {{":status", "200"}, {"content-type", head_.content_type}};
    stream_->send_headers(headers, false);
    stream_->send_data(std::move(body_));
    const http2::Header trailers[] = {{"grpc-status", "0"}};
    stream_->end_with_trailers(trailers);
  }
  void on_close(const http2::CloseReason&) override {
    if (closed_) std::abort();
    closed_ = true;
    --open_;
  }
  void is_client() { server_ = false; }

 private:
  http2::Stream* stream_;
  int& open_;
  http2::RequestHead head_;
  jina::Buffer body_;
  bool server_ = true;
  bool answered_ = false;
  bool closed_ = false;
};

struct Owner final : http2::ConnectionOwner {
  std::shared_ptr<http2::StreamObserver> on_stream(http2::Stream& stream) override { return std::make_shared<Echo>(&stream, open); }
  void on_closed(const std::string&) override { closed = true; }
  int open = 0;
  bool closed = false;
};

void run(http2::Role role, std::string_view bytes, std::size_t piece) {
  boost::asio::io_context io;
  Owner owner;
  http2::ConnectionOptions options;
  options.keepalive_time = std::chrono::milliseconds(0);
  options.max_concurrent_streams = 10;
  auto connection = std::make_shared<http2::Connection>(role, std::make_unique<FedTransport>(io, bytes, piece), options, owner);
  connection->start({});
  if (role == http2::Role::kClient) {
    const http2::Header headers[] = {{":method", "POST"}, {":scheme", "http"}, {":path", "/"}, {":authority", "localhost"}};
    auto observer = std::make_shared<Echo>(nullptr, owner.open);
    observer->is_client();
    http2::Stream* stream = connection->open(headers, observer, false);
    if (stream == nullptr) {
      --owner.open;
    } else {
      observer->set_stream(stream);
      stream->send_data(jina::Buffer::copy_of("hello"));
      stream->end();
    }
  }
  while (!owner.closed && io.poll_one() != 0) {
  }
  connection->abort("the input ended");
  io.restart();
  while (io.poll_one() != 0) {
  }
  if (!owner.closed || owner.open != 0) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::size_t piece = std::size_t{1} + (data[0] >> 1);
  run((data[0] & 1) != 0 ? http2::Role::kClient : http2::Role::kServer, bytes, piece);
  return 0;
}
