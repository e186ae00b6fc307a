#include "client/websocket_client.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>

#include "client/io.hpp"

namespace jina::client {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = boost::beast::websocket;
constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);

struct WebSocketClient::Impl {
  using Plain = websocket::stream<beast::tcp_stream>;
  using Secure = websocket::stream<beast::ssl_stream<beast::tcp_stream>>;

  explicit Impl(Target to) : target(std::move(to)) {}

  template <class Socket>
  Task<Status> handshake(Socket& socket, std::string path, std::string subprotocol, Metadata headers) {
    socket.read_message_max(0);
    socket.auto_fragment(false);
    websocket::response_type response;
    socket.set_option(websocket::stream_base::decorator([subprotocol, headers](websocket::request_type& request) {
      if (!subprotocol.empty()) request.set(beast::http::field::sec_websocket_protocol, subprotocol);
      for (const auto& [name, value] : headers) request.set(name, value);
    }));
    const std::string host = target.address();
    auto [error] = co_await socket.async_handshake(response, host, path, kTuple);
    if (error == websocket::error::upgrade_declined)
      co_return Status{StatusCode::kUnimplemented,
                       host + " refuses WebSocket on " + path + ": HTTP status " + std::to_string(response.result_int())};
    if (error) co_return network_error("no WebSocket with " + host, error);
    co_return Status{};
  }

  template <class Socket>
  Task<Status> send(Socket& socket, WebSocketFrame frame) {
    socket.binary(frame.binary);
    const auto bytes = asio::buffer(frame.payload);
    auto [error, written] = co_await socket.async_write(bytes, kTuple);
    if (error) co_return network_error("cannot send to " + target.address(), error);
    co_return Status{};
  }

  template <class Socket>
  Task<Result<std::optional<WebSocketFrame>>> read(Socket& socket) {
    beast::flat_buffer buffer;
    auto [error, size] = co_await socket.async_read(buffer, kTuple);
    if (!error)
      co_return std::optional<WebSocketFrame>(WebSocketFrame{beast::buffers_to_string(buffer.data()), socket.got_binary()});
    if (error != websocket::error::closed) co_return network_error("the WebSocket with " + target.address() + " was cut", error);
    const auto& reason = socket.reason();
    if (reason.code == websocket::close_code::normal || reason.code == websocket::close_code::going_away ||
        reason.code == websocket::close_code::none)
      co_return std::optional<WebSocketFrame>();
    std::string text = target.address() + " closed the WebSocket with code " + std::to_string(reason.code);
    if (!reason.reason.empty()) text += ": " + std::string(reason.reason.data(), reason.reason.size());
    co_return Status{reason.code == websocket::close_code::internal_error ? StatusCode::kUnavailable : StatusCode::kInternal, text};
  }

  Target target;
  std::unique_ptr<asio::ssl::context> tls_context{};
  std::unique_ptr<Plain> plain{};
  std::unique_ptr<Secure> secure{};
};

WebSocketClient::WebSocketClient(Target target) : impl_(std::make_unique<Impl>(std::move(target))) {}
WebSocketClient::~WebSocketClient() = default;

Task<Status> WebSocketClient::open(std::string path, std::string subprotocol, Metadata headers) {
  auto made = co_await connect(impl_->target);
  if (!made) co_return made.error();
  if (made->secure) {
    impl_->tls_context = std::move(made->tls_context);
    impl_->secure = std::make_unique<Impl::Secure>(std::move(*made->secure));
    co_return co_await impl_->handshake(*impl_->secure, std::move(path), std::move(subprotocol), std::move(headers));
  }
  impl_->plain = std::make_unique<Impl::Plain>(std::move(*made->plain));
  co_return co_await impl_->handshake(*impl_->plain, std::move(path), std::move(subprotocol), std::move(headers));
}

Task<Status> WebSocketClient::send(WebSocketFrame frame) {
  if (impl_->secure) co_return co_await impl_->send(*impl_->secure, std::move(frame));
  co_return co_await impl_->send(*impl_->plain, std::move(frame));
}

Task<Result<std::optional<WebSocketFrame>>> WebSocketClient::read() {
  if (impl_->secure) co_return co_await impl_->read(*impl_->secure);
  co_return co_await impl_->read(*impl_->plain);
}

Task<void> WebSocketClient::close() {
  if (impl_->secure) {
    auto [error] = co_await impl_->secure->async_close(websocket::close_code::normal, kTuple);
    (void)error;
  } else if (impl_->plain) {
    auto [error] = co_await impl_->plain->async_close(websocket::close_code::normal, kTuple);
    (void)error;
  }
}

void WebSocketClient::cut() {
  boost::system::error_code ignored;
  if (impl_->secure) beast::get_lowest_layer(*impl_->secure).socket().close(ignored);
  if (impl_->plain) beast::get_lowest_layer(*impl_->plain).socket().close(ignored);
}

}  // namespace jina::client
