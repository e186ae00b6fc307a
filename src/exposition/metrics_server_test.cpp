#include "exposition/metrics_server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

namespace jina::exposition {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::string ask(std::uint16_t port, const std::string& line, const std::string& accept = "*/*") {
  boost::asio::io_context io;
  boost::asio::ip::tcp::socket socket(io);
  socket.connect({boost::asio::ip::make_address("127.0.0.1"), port});
  boost::asio::write(socket,
                     boost::asio::buffer(line + " HTTP/1.1\r\nhost: x\r\naccept: " + accept + "\r\nconnection: close\r\n\r\n"));
  std::string answer;
  boost::system::error_code ended;
  boost::asio::read(socket, boost::asio::dynamic_buffer(answer), ended);
  return answer;
}

class Server : public testing::Test {
 protected:
  void SetUp() override {
    registry_->counter("jina_failed_requests", "Requests that <failed>", {{"runtime_name", "a"}}).add();
    registry_->gauge("jina_other", "", {}).set(4);
    auto started = MetricsServer::start(registry_, {.title = "a/rep-0", .host = "127.0.0.1"});
    ASSERT_TRUE(started.ok()) << started.error().message;
    server_ = std::move(*started);
  }

  std::shared_ptr<metrics::Registry> registry_ = std::make_shared<metrics::Registry>();
  std::unique_ptr<MetricsServer> server_;
};

TEST_F(Server, AnswersOnEveryPath) {
  for (const char* path : {"/", "/metrics", "/any/other?x=1"})
    EXPECT_THAT(ask(server_->port(), std::string("GET ") + path),
                AllOf(StartsWith("HTTP/1.1 200"), HasSubstr("content-type: text/plain; version=0.0.4; charset=utf-8\r\n"),
                      HasSubstr("\njina_failed_requests_total{runtime_name=\"a\"} 1\n"), HasSubstr("\njina_other 4\n")))
        << path;
}

TEST_F(Server, GivesTheNewestNumbers) {
  registry_->gauge("jina_other", "", {}).set(5);
  EXPECT_THAT(ask(server_->port(), "GET /metrics"), HasSubstr("\njina_other 5\n"));
}

TEST_F(Server, GivesOnlyWhatIsNamed) {
  EXPECT_THAT(ask(server_->port(), "GET /metrics?name[]=jina_other"),
              AllOf(HasSubstr("\njina_other 4\n"), Not(HasSubstr("jina_failed_requests"))));
}

TEST_F(Server, ShowsBrowsersWhatThereIs) {
  EXPECT_THAT(ask(server_->port(), "GET /", "text/html,*/*"),
              AllOf(HasSubstr("text/html"), HasSubstr("Metrics of a/rep-0"), HasSubstr("jina_failed_requests_total</a>"),
                    HasSubstr("Requests that &lt;failed&gt;")));
  EXPECT_THAT(ask(server_->port(), "GET /metrics", "text/html,*/*"), HasSubstr("text/plain"));
}

TEST_F(Server, RefusesOtherMethods) {
  EXPECT_THAT(ask(server_->port(), "POST /metrics"), AllOf(StartsWith("HTTP/1.1 405"), HasSubstr("allow: GET, HEAD\r\n")));
}

TEST_F(Server, SaysWhichPortIsTaken) {
  auto second = MetricsServer::start(registry_, {.title = "b", .host = "127.0.0.1", .port = server_->port()});
  ASSERT_FALSE(second.ok());
  EXPECT_THAT(second.error().message, HasSubstr(std::to_string(server_->port())));
}

}  // namespace
}  // namespace jina::exposition
