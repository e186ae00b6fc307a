// The awaitable form of a unary call.
#include <boost/asio/async_result.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "protocol/grpc/channel.hpp"

namespace jina::grpc {

Task<UnaryReply> Channel::unary(std::string path, Buffer request, CallOptions options) {
  const auto initiate = [this](auto handler, std::string to, Buffer message, CallOptions with) {
    this->unary(std::string_view(to), std::move(message), std::move(with),
                [handler = std::move(handler)](UnaryReply reply) mutable { std::move(handler)(std::move(reply)); });
  };
  co_return co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void(UnaryReply)>(
      initiate, boost::asio::use_awaitable, path, request, options);
}

}  // namespace jina::grpc
