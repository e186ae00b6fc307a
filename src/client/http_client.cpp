#include "client/http_client.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include "base/letter_case.hpp"
#include "client/io.hpp"

namespace jina::client {

namespace asio = boost::asio;
namespace beast = boost::beast;
constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);

struct HttpClient::Impl {
  explicit Impl(Target to) : target(std::move(to)) {}

  template <class Stream>
  Task<Result<HttpResponse>> exchange(Stream& stream, const beast::http::request<beast::http::string_body>& message) {
    auto [write_error, written] = co_await beast::http::async_write(stream, message, kTuple);
    if (write_error) co_return network_error("cannot send to " + target.address(), write_error);
    beast::http::response_parser<beast::http::string_body> parser;
    parser.body_limit(boost::none);
    if (message.method() == beast::http::verb::head) parser.skip(true);
    auto [read_error, received] = co_await beast::http::async_read(stream, buffer, parser, kTuple);
    if (read_error) co_return network_error(target.address() + " gave no HTTP answer", read_error);
    HttpResponse response;
    response.status = static_cast<int>(parser.get().result_int());
    for (const auto& field : parser.get()) {
      response.headers.emplace_back(lower_case(field.name_string()), std::string(field.value()));
    }
    keep = parser.get().keep_alive();
    response.body = std::move(parser.get().body());
    co_return response;
  }

  Task<Result<HttpResponse>> send(HttpRequest request) {
    beast::http::request<beast::http::string_body> message;
    message.version(11);
    message.method_string(request.method);
    message.target(request.path);
    message.set(beast::http::field::host, target.address());
    message.set(beast::http::field::accept, "*/*");
    for (const auto& [name, value] : request.headers) message.set(name, value);
    if (!request.body.empty() && message.find(beast::http::field::content_type) == message.end())
      message.set(beast::http::field::content_type, "application/json");
    message.body() = std::move(request.body);
    message.prepare_payload();

    // A kept connection may have been closed meanwhile; then one more try on a new one.
    for (bool fresh = false; !fresh;) {
      fresh = !keep;
      if (fresh) {
        buffer.clear();
        auto made = co_await connect(target);
        if (!made) co_return made.error();
        connection = std::move(*made);
      }
      keep = false;
      std::optional<Result<HttpResponse>> response;  // an if and not a ?:, which g++ 12 compiles wrongly around co_await
      if (connection.secure)
        response.emplace(co_await exchange(*connection.secure, message));
      else
        response.emplace(co_await exchange(*connection.plain, message));
      if (response->ok() || fresh) co_return std::move(*response);
    }
    co_return Status{StatusCode::kInternal, "unreachable"};
  }

  Target target;
  Connection connection{};
  beast::flat_buffer buffer{};
  bool keep = false;
};

HttpClient::HttpClient(Target target) : impl_(std::make_unique<Impl>(std::move(target))) {}
HttpClient::~HttpClient() = default;

Task<Result<HttpResponse>> HttpClient::send(HttpRequest request, std::optional<std::chrono::milliseconds> limit) {
  auto task = impl_->send(std::move(request));
  auto response = co_await within<HttpResponse>(limit, std::move(task));
  if (!response.ok()) impl_->keep = false;
  co_return response;
}

}  // namespace jina::client
