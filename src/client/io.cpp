#include "client/io.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>

namespace jina::client {

namespace asio = boost::asio;
constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);

Status network_error(const std::string& what, const boost::system::error_code& error) {
  if (error == asio::error::operation_aborted) return {StatusCode::kCancelled, what + ": cancelled"};
  return {StatusCode::kUnavailable, what + ": " + error.message()};
}

Task<Result<Connection>> connect(Target target) {
  const auto executor = co_await asio::this_coro::executor;
  const std::string what = "cannot connect to " + target.address();
  asio::ip::tcp::resolver resolver(executor);
  const std::string service = std::to_string(target.port);
  auto [resolve_error, endpoints] = co_await resolver.async_resolve(target.host, service, kTuple);
  if (resolve_error) co_return network_error(what, resolve_error);

  Connection connection;
  boost::beast::tcp_stream* stream = nullptr;
  if (target.tls) {
    connection.tls_context = std::make_unique<asio::ssl::context>(asio::ssl::context::tls_client);
    boost::system::error_code unusable;
    if (target.ca_file.empty())
      connection.tls_context->set_default_verify_paths(unusable);
    else
      connection.tls_context->load_verify_file(target.ca_file, unusable);
    if (unusable && target.verify)
      co_return Status{StatusCode::kInvalidArgument,
                       "TLS: can not use the CA file '" + target.ca_file + "': " + unusable.message()};
    connection.secure = std::make_unique<boost::beast::ssl_stream<boost::beast::tcp_stream>>(executor, *connection.tls_context);
    stream = &connection.secure->next_layer();
  } else {
    connection.plain = std::make_unique<boost::beast::tcp_stream>(executor);
    stream = connection.plain.get();
  }
  auto [connect_error, endpoint] = co_await stream->async_connect(endpoints, kTuple);
  if (connect_error) co_return network_error(what, connect_error);
  boost::system::error_code ignored;
  stream->socket().set_option(asio::ip::tcp::no_delay(true), ignored);
  if (target.tls) {
    connection.secure->set_verify_mode(target.verify ? asio::ssl::verify_peer : asio::ssl::verify_none);
    if (target.verify) connection.secure->set_verify_callback(asio::ssl::host_name_verification(target.host));
    SSL_set_tlsext_host_name(connection.secure->native_handle(), target.host.c_str());
    auto [tls_error] = co_await connection.secure->async_handshake(asio::ssl::stream_base::client, kTuple);
    if (tls_error) co_return network_error("TLS with " + target.address() + " failed", tls_error);
  }
  co_return connection;
}

}  // namespace jina::client
