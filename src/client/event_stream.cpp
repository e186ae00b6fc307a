#include "client/event_stream.hpp"

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include "client/io.hpp"
#include "client/json_message.hpp"

namespace jina::client {

namespace asio = boost::asio;
namespace http = boost::beast::http;
constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);

namespace {

template <class Stream>
Task<Status> read_from(Stream& stream, const std::string& address, const http::request<http::string_body>& message,
                       EventParser& parser, const std::function<Task<void>()>& room) {
  auto [write_error, written] = co_await http::async_write(stream, message, kTuple);
  if (write_error) co_return network_error("cannot send to " + address, write_error);
  boost::beast::flat_buffer buffer;
  http::response_parser<http::buffer_body> response;
  response.body_limit(boost::none);
  auto [head_error, head] = co_await http::async_read_header(stream, buffer, response, kTuple);
  if (head_error) co_return network_error(address + " gave no HTTP answer", head_error);
  HttpResponse refused{.status = static_cast<int>(response.get().result_int())};
  const bool good = refused.status == 200;
  std::array<char, 16 * 1024> chunk;
  while (!response.is_done()) {
    response.get().body().data = chunk.data();
    response.get().body().size = chunk.size();
    response.get().body().more = true;
    auto [error, count] = co_await http::async_read_some(stream, buffer, response, kTuple);
    if (error && error != http::error::need_buffer) co_return network_error(address + " broke the stream off", error);
    const std::string_view got(chunk.data(), chunk.size() - response.get().body().size);
    if (!good) refused.body += got;
    if (good && !parser.take(got)) break;
    if (good) co_await room();
  }
  if (refused.status == kExecutorRaised) {
    parser.give("error", refused.body);
    co_return Status{};
  }
  co_return good ? Status{} : status_of_http(refused);
}

}  // namespace

Task<Status> read_events(Target target, HttpRequest request, EventParser::OnEvent on_event, std::function<Task<void>()> room) {
  http::request<http::string_body> message;
  message.version(11);
  message.method_string(request.method);
  message.target(request.path);
  message.set(http::field::host, target.address());
  message.set(http::field::accept, "text/event-stream");
  for (const auto& [name, value] : request.headers) message.set(name, value);
  if (!request.body.empty()) message.set(http::field::content_type, "application/json");
  message.body() = std::move(request.body);
  message.prepare_payload();
  EventParser parser(std::move(on_event));
  const std::string address = target.address();
  auto made = co_await connect(target);
  if (!made) co_return made.error();
  if (made->secure) co_return co_await read_from(*made->secure, address, message, parser, room);
  co_return co_await read_from(*made->plain, address, message, parser, room);
}

}  // namespace jina::client
