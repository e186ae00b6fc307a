// A gateway that speaks no protocol that the runtime knows: each line of a TCP connection is a Document, the answer is a line too.
#include <jina/gateway.hpp>
#include <jina/module.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <string>
#include <utility>

namespace asio = boost::asio;
using asio::ip::tcp;

struct Options {
  std::string greeting = "hello";
};
BOOST_DESCRIBE_STRUCT(Options, (), (greeting))

class LineGateway : public jina::Gateway {
 public:
  explicit LineGateway(Options options) : greeting_(std::move(options.greeting)), acceptor_(io()) {}

  jina::Task<void> setup_server() override {
    const tcp::endpoint endpoint(asio::ip::make_address(host()), port());
    acceptor_.open(endpoint.protocol());
    acceptor_.set_option(asio::socket_base::reuse_address(true));
    acceptor_.bind(endpoint);
    acceptor_.listen();
    co_return;
  }

  jina::Task<void> run_server() override {
    while (acceptor_.is_open()) {
      boost::system::error_code error;
      tcp::socket socket = co_await acceptor_.async_accept(asio::redirect_error(asio::use_awaitable, error));
      if (!error) asio::co_spawn(io(), serve(std::move(socket)), asio::detached);
    }
  }

  jina::Task<void> shutdown() override {
    acceptor_.close();
    co_return;
  }

 private:
  jina::Task<void> serve(tcp::socket socket) {
    std::string buffer = greeting_ + "\n";
    co_await asio::async_write(socket, asio::buffer(buffer), asio::use_awaitable);
    buffer.clear();
    while (true) {
      const std::size_t size = co_await asio::async_read_until(socket, asio::dynamic_buffer(buffer), '\n', asio::use_awaitable);
      jina::DocumentArray docs(1);
      docs[0].set_text(buffer.substr(0, size - 1));
      buffer.erase(0, size);
      std::string answer;
      auto replies = streamer().stream_docs(std::move(docs), {.exec_endpoint = "/"});
      while (auto some = co_await replies.next()) answer = std::string(some->front().text()) + "\n";
      co_await asio::async_write(socket, asio::buffer(answer), asio::use_awaitable);
    }
  }

  std::string greeting_;
  tcp::acceptor acceptor_;
};

JINA_MODULE(registry) { registry.add<LineGateway>("LineGateway"); }
