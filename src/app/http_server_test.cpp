#include "jina/http_server.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <future>
#include <thread>

namespace jina {
namespace {

std::string get(std::uint16_t port, const std::string& path) {
  boost::asio::io_context io;
  boost::asio::ip::tcp::socket socket(io);
  socket.connect({boost::asio::ip::make_address("127.0.0.1"), port});
  boost::asio::write(socket, boost::asio::buffer("GET " + path + " HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"));
  std::string answer;
  boost::system::error_code ended;
  boost::asio::read(socket, boost::asio::dynamic_buffer(answer), ended);
  return answer;
}

TEST(HttpServer, ServesAnAppUntilItIsShutDown) {
  boost::asio::io_context io{1};
  App app;
  app.get("/hello", [] { return std::string("hello"); });
  HttpServer server(io, app, {.host = "127.0.0.1"});
  ASSERT_NE(server.port(), 0);
  auto served = std::make_shared<std::promise<void>>();
  boost::asio::co_spawn(io, server.serve(), [served](const std::exception_ptr& error) {
    if (error) return served->set_exception(error);
    served->set_value();
  });
  std::thread thread([&] { io.run(); });
  EXPECT_NE(get(server.port(), "/hello").find("\r\n\r\nhello"), std::string::npos);
  EXPECT_TRUE(get(server.port(), "/").starts_with("HTTP/1.1 200"));
  boost::asio::post(io, [&] { boost::asio::co_spawn(io, server.shutdown(), boost::asio::detached); });
  served->get_future().get();
  thread.join();
}

TEST(HttpServer, SaysWhichPortIsTaken) {
  boost::asio::io_context io{1};
  App app;
  HttpServer first(io, app, {.host = "127.0.0.1"});
  try {
    HttpServer second(io, app, {.host = "127.0.0.1", .port = first.port()});
    FAIL() << "two servers share a port";
  } catch (const std::runtime_error& error) {
    EXPECT_NE(std::string(error.what()).find(std::to_string(first.port())), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace jina
