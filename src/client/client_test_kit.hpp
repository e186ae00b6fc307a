// For tests of the client: a server over a real socket whose behaviour a test writes down, and coroutines run to their end.
//
// Thread: the one that runs the io_context. Lifetime: as long as the io_context runs. Cancellation: none.
#pragma once
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <functional>
#include <optional>
#include <utility>

#include "client/target.hpp"
#include "jina/task.hpp"

namespace jina::client {

namespace asio = boost::asio;

/// One server for a test: `serve` gets each accepted connection.
class TestServer {
 public:
  using Serve = std::function<asio::awaitable<void>(asio::ip::tcp::socket)>;
  TestServer(asio::io_context& io, Serve serve) : acceptor_(io, {asio::ip::address_v4::loopback(), 0}), serve_(std::move(serve)) {
    asio::co_spawn(io, accept(), [](std::exception_ptr) {});
  }
  std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
  int accepted = 0;

 private:
  asio::awaitable<void> accept() {
    while (true) {
      auto socket = co_await acceptor_.async_accept(asio::use_awaitable);
      ++accepted;
      asio::co_spawn(acceptor_.get_executor(), serve_(std::move(socket)), [](std::exception_ptr) {});
    }
  }
  asio::ip::tcp::acceptor acceptor_;
  Serve serve_;
};

inline Target target_of(Protocol protocol, const TestServer& server) {
  Target target;
  target.protocol = protocol;
  target.host = "127.0.0.1";
  target.port = server.port();
  return target;
}

template <class T>
asio::awaitable<void> keep(Task<T> task, std::optional<T>* result, asio::io_context* io) {
  T value = co_await std::move(task);
  result->emplace(std::move(value));
  io->stop();
}

template <class T>
T run(asio::io_context& io, Task<T> task) {
  std::optional<T> result;
  asio::co_spawn(io, keep<T>(std::move(task), &result, &io), [](std::exception_ptr error) {
    if (error) std::rethrow_exception(error);
  });
  io.restart();
  io.run();
  return std::move(*result);
}

}  // namespace jina::client
