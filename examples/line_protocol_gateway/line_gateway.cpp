// A protocol that nobody else speaks, on raw TCP: every line goes through the Flow as a Document and comes back as a line.
// Health checks ask GET / on the same port: a line that starts with "GET " gets an HTTP answer.
#include <jina/gateway.hpp>
#include <jina/module.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <list>
#include <string>
#include <utility>

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t kLongestLine = 64 * 1024;
constexpr std::string_view kHealthy = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";

struct Options {
  std::string endpoint = "/";
};
BOOST_DESCRIBE_STRUCT(Options, (), (endpoint))

class LineGateway : public jina::Gateway {
 public:
  explicit LineGateway(Options options) : endpoint_(std::move(options.endpoint)), acceptor_(io()) {}

  jina::Task<void> setup_server() override {
    acceptor_ = tcp::acceptor(io(), {asio::ip::make_address(host()), port()});
    co_return;
  }

  jina::Task<void> run_server() override {
    while (acceptor_.is_open()) {
      auto [error, socket] = co_await acceptor_.async_accept(kTuple);
      if (error) continue;
      const auto client = clients_.insert(clients_.end(), std::move(socket));
      asio::co_spawn(io(), serve(*client), [this, client](const std::exception_ptr&) {
        clients_.erase(client);
        if (clients_.empty()) last_left_.cancel();
      });
    }
    while (!clients_.empty()) co_await last_left_.async_wait(kTuple);
  }

  jina::Task<void> shutdown() override {
    acceptor_.close();
    boost::system::error_code gone;
    // Lines that are being worked on are still answered.
    for (tcp::socket& client : clients_) client.shutdown(tcp::socket::shutdown_receive, gone);
    co_return;
  }

 private:
  jina::Task<void> serve(tcp::socket& client) {
    std::string received;
    while (true) {
      auto [error, size] = co_await asio::async_read_until(client, asio::dynamic_buffer(received, kLongestLine), '\n', kTuple);
      if (error) co_return;
      if (received.starts_with("GET ")) {
        co_await asio::async_read_until(client, asio::dynamic_buffer(received, kLongestLine), "\r\n\r\n", kTuple);
        co_await asio::async_write(client, asio::buffer(kHealthy), kTuple);
        co_return;
      }
      std::string line = received.substr(0, size - 1);
      received.erase(0, size);
      const std::string answer = co_await through_the_flow(std::move(line));
      co_await asio::async_write(client, asio::buffer(answer), kTuple);
    }
  }

  jina::Task<std::string> through_the_flow(std::string line) {
    jina::DocumentArray docs(1);
    docs[0].set_text(std::move(line));
    try {
      docs = co_await streamer().post(std::move(docs), endpoint_);
      co_return docs.at(0).text() + "\n";
    } catch (const std::exception& error) {
      logger().warning(error.what());
      co_return "! the Flow did not answer\n";
    }
  }

  std::string endpoint_;
  tcp::acceptor acceptor_;
  std::list<tcp::socket> clients_;
  asio::steady_timer last_left_{io(), asio::steady_timer::time_point::max()};
};

}  // namespace

JINA_MODULE(registry) { registry.add<LineGateway>("LineGateway"); }
