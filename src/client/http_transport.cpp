// Transport over HTTP: a POST for each request, over as many connections as there are requests at a time.
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <list>

#include "client/json_message.hpp"
#include "client/transport.hpp"

namespace jina::client {
namespace {

class HttpTransport final : public Transport, public std::enable_shared_from_this<HttpTransport> {
 public:
  HttpTransport(std::shared_ptr<Connections> connections, TransportOptions options)
      : connections_(std::move(connections)), options_(std::move(options)) {}

  std::size_t limit() const override { return 100; }  // as many connections as Jina's client has

  void send(const std::string&, const wire::DataRequest& request, Done done) override {
    Result<std::string> body = json_body(request);
    const auto running = running_.emplace(running_.end());
    auto stop = running->slot();
    boost::asio::co_spawn(connections_->io(), exchange(shared_from_this(), std::move(body)),
                          boost::asio::bind_cancellation_slot(stop, [self = shared_from_this(), running, done = std::move(done)](
                                                                        std::exception_ptr thrown, Reply reply) mutable {
                            self->running_.erase(running);
                            if (self->closed_) return;
                            if (thrown) reply = {.status = {StatusCode::kCancelled, "the request was cancelled"}};
                            done(std::move(reply));
                          }));
  }
  void close() override {
    closed_ = true;
    for (auto at = running_.begin(); at != running_.end();) (at++)->emit(boost::asio::cancellation_type::terminal);
  }

 private:
  std::optional<std::chrono::milliseconds> time_left() const {
    if (!options_.deadline) return std::nullopt;
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(*options_.deadline - std::chrono::steady_clock::now());
    return std::max(left, std::chrono::milliseconds(0)) + std::chrono::milliseconds(1000);  // PostRun's own timer comes first
  }

  HttpRequest post(const std::string& path, std::string body) const {
    HttpRequest request;
    request.method = "POST";
    request.path = path;
    request.headers = options_.metadata;
    request.body = std::move(body);
    return request;
  }

  static Task<Reply> exchange(std::shared_ptr<HttpTransport> self, Result<std::string> body) {
    if (!body) {
      Reply unsayable{.status = std::move(body).error()};
      co_return unsayable;
    }
    auto connections = self->connections_;
    const std::string path = co_await connections->http_path(self->options_.endpoint, self->time_left());
    auto http = connections->http();
    HttpRequest request = self->post(path, *body);
    auto response = co_await http->send(std::move(request), self->time_left());
    // A gateway without debug endpoints has no /post, but perhaps a route of the endpoint's own name that is not described.
    const std::string& own = self->options_.endpoint;
    if (response.ok() && response->status == 404 && own.starts_with('/') && own != "/" && own != path) {
      HttpRequest direct = self->post(own, std::move(*body));
      response = co_await http->send(std::move(direct), self->time_left());
    }
    if (!response.ok()) {
      Reply none{.status = std::move(response).error(), .retry = true};
      co_return none;
    }
    connections->keep(std::move(http));
    co_return reply_of(std::move(*response));
  }

  static Reply reply_of(HttpResponse response) {
    Reply reply{.status = status_of_http(response), .retry = response.status >= 500};
    reply.json = std::move(response.body);
    return reply;
  }

  std::shared_ptr<Connections> connections_;
  TransportOptions options_;
  std::list<boost::asio::cancellation_signal> running_{};
  bool closed_ = false;
};

}  // namespace

std::shared_ptr<Transport> make_http_transport(std::shared_ptr<Connections> connections, TransportOptions options) {
  return std::make_shared<HttpTransport>(std::move(connections), std::move(options));
}

}  // namespace jina::client
