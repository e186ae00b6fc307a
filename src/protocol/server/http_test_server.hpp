// A Server on a thread of its own and a blocking client socket, for the tests of this folder.
//
// Thread: the server's io_context runs on one thread; everything else is the test's. Lifetime: the destructor stops the server.
// Cancellation: none.
#pragma once
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <future>
#include <memory>
#include <string>
#include <thread>

#include "protocol/server/server.hpp"

namespace jina::protocol {

class HttpTestServer {
 public:
  explicit HttpTestServer(http::Handler& handler, ServerOptions options = {}) {
    options.host = "127.0.0.1";
    server_ = std::make_unique<Server>(io_, options, nullptr, &handler);
    const Result<std::uint16_t> port = server_->listen();
    if (!port.ok()) throw std::runtime_error(port.error().message);
    port_ = *port;
    thread_ = std::thread([this] {
      const auto work = boost::asio::make_work_guard(io_);
      io_.run();
    });
  }
  ~HttpTestServer() {
    stop(std::chrono::milliseconds(0)).wait();
    io_.stop();
    thread_.join();
  }

  std::uint16_t port() const noexcept { return port_; }
  boost::asio::io_context& io() noexcept { return io_; }

  /// Stops the server; the future is ready when it is done.
  std::future<void> stop(std::chrono::milliseconds grace) {
    auto done = std::make_shared<std::promise<void>>();
    if (std::exchange(stopped_, true)) {
      done->set_value();
      return done->get_future();
    }
    boost::asio::post(io_, [this, grace, done] { server_->stop(grace, [done] { done->set_value(); }); });
    return done->get_future();
  }
  /// Runs `ask` on the server's thread and gives its result.
  template <class F>
  auto on_thread(F ask) {
    std::packaged_task<decltype(ask())()> task(std::move(ask));
    auto result = task.get_future();
    boost::asio::post(io_, [&task] { task(); });
    return result.get();
  }
  std::size_t connections() {
    return on_thread([this] { return server_->connection_count(); });
  }

 private:
  boost::asio::io_context io_{1};
  std::unique_ptr<Server> server_;
  std::uint16_t port_ = 0;
  std::thread thread_;
  bool stopped_ = false;
};

/// A blocking socket; every read gives up after ten seconds.
class TestClient {
 public:
  explicit TestClient(std::uint16_t port) : socket_(io_) {
    socket_.connect({boost::asio::ip::make_address("127.0.0.1"), port});
    const timeval limit{10, 0};
    ::setsockopt(socket_.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    socket_.set_option(boost::asio::ip::tcp::no_delay(true));
  }

  void send(std::string_view data) {
    while (!data.empty()) {
      const auto sent = ::send(socket_.native_handle(), data.data(), data.size(), MSG_NOSIGNAL);
      if (sent <= 0) return;  // the server closed: what it said is still to be read
      data.remove_prefix(static_cast<std::size_t>(sent));
    }
  }
  void send_byte_by_byte(std::string_view data) {
    for (const char c : data) send({&c, 1});
  }
  void half_close() { socket_.shutdown(boost::asio::ip::tcp::socket::shutdown_send); }
  void close() { socket_.close(); }
  void reset() {
    socket_.set_option(boost::asio::socket_base::linger(true, 0));
    socket_.close();
  }

  /// False at the end of the stream, on reset and when nothing came in time.
  bool read_some() {
    char block[65536];
    const auto count = ::recv(socket_.native_handle(), block, sizeof block, 0);
    if (count > 0) buffer_.append(block, static_cast<std::size_t>(count));
    ended_ = count == 0;
    return count > 0;
  }
  /// The text up to and with `end`.
  std::string read_until(std::string_view end) {
    std::size_t at, from = 0;
    while ((at = buffer_.find(end, from)) == std::string::npos) {
      from = buffer_.size() < end.size() ? 0 : buffer_.size() - end.size();
      if (!read_some()) return std::exchange(buffer_, {});
    }
    return take(at + end.size());
  }
  std::string read_exactly(std::size_t size) {
    while (buffer_.size() < size && read_some()) {
    }
    return take(std::min(size, buffer_.size()));
  }
  /// All that comes until the server closes. ended() says whether it did so cleanly.
  std::string read_to_end() {
    while (read_some()) {
    }
    return std::exchange(buffer_, {});
  }
  bool ended() const noexcept { return ended_; }
  boost::asio::ip::tcp::socket& socket() noexcept { return socket_; }

  struct Response {
    int status = 0;
    std::string head;
    std::string body;
    bool has(std::string_view line) const { return head.find("\r\n" + std::string(line) + "\r\n") != std::string::npos; }
  };
  /// One response with a content-length.
  Response read_response(bool head_only = false) {
    Response response;
    response.head = read_until("\r\n\r\n");
    if (response.head.size() > 12) response.status = std::stoi(response.head.substr(9, 3));
    const auto at = response.head.find("\r\ncontent-length: ");
    if (at != std::string::npos && !head_only) response.body = read_exactly(std::stoul(response.head.substr(at + 18)));
    return response;
  }

 private:
  std::string take(std::size_t size) {
    std::string text = buffer_.substr(0, size);
    buffer_.erase(0, size);
    return text;
  }
  boost::asio::io_context io_;
  boost::asio::ip::tcp::socket socket_;
  std::string buffer_;
  bool ended_ = false;
};

}  // namespace jina::protocol
