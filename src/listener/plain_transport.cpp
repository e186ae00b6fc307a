#include "listener/plain_transport.hpp"

#include <sys/socket.h>

#include <cerrno>

#include "listener/socket_io.hpp"

namespace jina::net {
namespace {

IoResult failure(int error) {
  if (error == EAGAIN || error == EWOULDBLOCK) return {};
  return {IoStatus::kError, 0, {error, boost::system::system_category()}};
}

class PlainTransport final : public SocketTransport {
 public:
  using SocketTransport::SocketTransport;

  IoResult read(char* data, std::size_t size) override {
    ssize_t count;
    do {
      count = ::recv(fd(), data, size, 0);
    } while (count < 0 && errno == EINTR);
    if (count > 0) return {IoStatus::kOk, static_cast<std::size_t>(count)};
    return count == 0 ? IoResult{IoStatus::kEof} : failure(errno);
  }

  IoResult writev(const iovec* parts, int count) override {
    msghdr message{};
    message.msg_iov = const_cast<iovec*>(parts);
    message.msg_iovlen = static_cast<std::size_t>(count);
    ssize_t sent;
    do {  // send() is the shorter way for one part
      sent = count == 1 ? ::send(fd(), parts->iov_base, parts->iov_len, MSG_NOSIGNAL) : ::sendmsg(fd(), &message, MSG_NOSIGNAL);
    } while (sent < 0 && errno == EINTR);
    return sent >= 0 ? IoResult{IoStatus::kOk, static_cast<std::size_t>(sent)} : failure(errno);
  }

  void shutdown_write() override {
    if (fd() >= 0) ::shutdown(fd(), SHUT_WR);
  }
  bool secure() const noexcept override { return false; }
  std::string_view alpn() const noexcept override { return {}; }
};

}  // namespace

std::unique_ptr<Transport> make_transport(StreamSocket socket) { return std::make_unique<PlainTransport>(std::move(socket)); }

}  // namespace jina::net
