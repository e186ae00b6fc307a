// Client over HTTP, and the choice between the three.
#include "client/answer.hpp"
#include "client/http_client.hpp"
#include "client/posts.hpp"

namespace jina::client {
namespace {

class HttpPost final : public Client {
 public:
  HttpPost(Target target, ClientOptions options) : options_(std::move(options)), http_(std::move(target)) {}

  Task<Result<Answer>> post(JsonRequest request) override {
    const std::string endpoint = request.exec_endpoint;
    HttpRequest message;
    message.method = "POST";
    message.path = "/post";
    message.body = http_body(request);
    message.headers = options_.metadata;
    HttpRequest direct = message;
    auto response = co_await http_.send(std::move(message), options_.timeout);
    // A gateway without debug endpoints has no /post, but perhaps a route of the endpoint's own name.
    if (response.ok() && response->status == 404 && endpoint.starts_with('/') && endpoint != "/" && endpoint != "/post") {
      direct.path = endpoint;
      response = co_await http_.send(std::move(direct), options_.timeout);
    }
    if (!response.ok()) co_return response.error();
    co_return answer_from_http(*response);
  }

 private:
  ClientOptions options_;
  HttpClient http_;
};

}  // namespace

std::unique_ptr<Client> make_http_post(Target target, ClientOptions options) {
  return std::make_unique<HttpPost>(std::move(target), std::move(options));
}

std::unique_ptr<Client> Client::make(boost::asio::io_context& io, Target target, ClientOptions options) {
  switch (target.protocol) {
    case Protocol::kHttp: return make_http_post(std::move(target), std::move(options));
    case Protocol::kWebSocket: return make_websocket_post(std::move(target), std::move(options));
    case Protocol::kGrpc: break;
  }
  return make_grpc_post(io, std::move(target), std::move(options));
}

}  // namespace jina::client
