#include "listener/tls_transport.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <cstring>

namespace jina::net {
namespace {
constexpr std::size_t kRecord = 16 * 1024;  // what one TLS record carries at most

boost::system::error_code system_error(int number) { return {number, boost::system::system_category()}; }

// Up to `wanted` bytes of the parts from `position` on. Small parts are gathered, so that a header does not travel in a record of
// its own; the view is valid until the next call on this thread.
std::string_view next_record(const iovec* parts, int count, std::size_t position, std::size_t wanted) {
  int index = 0;
  for (; index < count && position >= parts[index].iov_len; ++index) position -= parts[index].iov_len;
  if (index == count) return {};
  const auto bytes_of = [](const iovec& part) { return std::string_view(static_cast<const char*>(part.iov_base), part.iov_len); };
  const std::string_view first = bytes_of(parts[index]).substr(position);
  if (first.size() >= wanted || index + 1 == count) return first.substr(0, wanted);
  static thread_local char gathered[kRecord];
  std::size_t size = 0;
  for (; index < count && size < wanted; ++index, position = 0) {
    const std::string_view piece = bytes_of(parts[index]).substr(position, wanted - size);
    std::memcpy(gathered + size, piece.data(), piece.size());
    size += piece.size();
  }
  return {gathered, size};
}
}  // namespace

TlsTransport::TlsTransport(StreamSocket socket, ssl_st* ssl)
    : SocketTransport(std::move(socket)), ssl_(ssl), alive_(std::make_shared<char>()) {}

TlsTransport::~TlsTransport() { SSL_free(ssl_); }

void TlsTransport::handshake(UniqueFunction<void(Status)> done) {
  on_handshake_ = std::move(done);
  boost::asio::post(executor(), [this, alive = std::weak_ptr<void>(alive_)] {
    if (!alive.expired()) step();
  });
}

void TlsTransport::step() {
  if (!is_open()) return;
  ERR_clear_error();
  errno = 0;
  const int returned = SSL_do_handshake(ssl_);
  const int system = errno;
  auto again = [this, alive = std::weak_ptr<void>(alive_)](boost::system::error_code) {
    if (!alive.expired()) step();
  };
  Status status;
  if (returned != 1) {
    switch (SSL_get_error(ssl_, returned)) {
      case SSL_ERROR_WANT_READ: return SocketTransport::wait_readable(std::move(again));
      case SSL_ERROR_WANT_WRITE: return SocketTransport::wait_writable(std::move(again));
      case SSL_ERROR_SSL: {
        char text[256] = "unknown error";
        if (const unsigned long code = ERR_get_error(); code != 0) ERR_error_string_n(code, text, sizeof text);
        status = {StatusCode::kUnavailable, "Ssl handshake failed: SSL_ERROR_SSL: " + std::string(text)};
        if (const long verify = SSL_get_verify_result(ssl_); verify != X509_V_OK)
          status.message += ": " + std::string(X509_verify_cert_error_string(verify));
        break;
      }
      default:
        status = {StatusCode::kUnavailable,
                  "Ssl handshake failed: " + (system != 0 ? system_error(system).message() : "the peer closed the connection")};
    }
    ERR_clear_error();
  } else {
    const unsigned char* name = nullptr;
    unsigned int size = 0;
    SSL_get0_alpn_selected(ssl_, &name, &size);
    alpn_.assign(reinterpret_cast<const char*>(name), size);
  }
  auto done = std::move(on_handshake_);  // may destroy this
  done(std::move(status));
}

IoResult TlsTransport::after(int returned, bool reading) {
  const int system = errno;
  switch (SSL_get_error(ssl_, returned)) {
    case SSL_ERROR_WANT_READ:
      if (!reading) write_wants_read_ = true;
      return {};
    case SSL_ERROR_WANT_WRITE:
      if (reading) read_wants_write_ = true;
      return {};
    case SSL_ERROR_ZERO_RETURN:
      if (reading) return {IoStatus::kEof};
      return {IoStatus::kError, 0, boost::asio::error::eof};
    case SSL_ERROR_SYSCALL: {
      ERR_clear_error();
      if (system != 0) return {IoStatus::kError, 0, system_error(system)};
      break;
    }
    default: break;
  }
  // A peer that leaves without close_notify, or bytes that are not TLS: the stream may be cut short, which is no clean end.
  ERR_clear_error();
  return {IoStatus::kError, 0, boost::asio::error::connection_reset};
}

IoResult TlsTransport::read(char* data, std::size_t size) {
  read_wants_write_ = false;
  if (!is_open()) return {IoStatus::kError, 0, boost::asio::error::bad_descriptor};
  ERR_clear_error();
  errno = 0;
  std::size_t count = 0;
  const int returned = SSL_read_ex(ssl_, data, size, &count);
  if (returned == 1) return {IoStatus::kOk, count};
  return after(returned, true);
}

IoResult TlsTransport::writev(const iovec* parts, int count) {
  write_wants_read_ = false;
  if (!is_open()) return {IoStatus::kError, 0, boost::asio::error::bad_descriptor};
  std::size_t total = 0;
  while (true) {
    // After a write that did not succeed OpenSSL insists on the bytes it was given, hence the same length again.
    const std::string_view record = next_record(parts, count, total, unfinished_ != 0 ? unfinished_ : kRecord);
    if (record.empty()) return {IoStatus::kOk, total};
    ERR_clear_error();
    errno = 0;
    std::size_t sent = 0;
    const int returned = SSL_write_ex(ssl_, record.data(), record.size(), &sent);
    if (returned != 1) {
      const IoResult result = after(returned, false);
      if (result.status != IoStatus::kWouldBlock) return result;
      unfinished_ = record.size();
      return total != 0 ? IoResult{IoStatus::kOk, total} : result;
    }
    unfinished_ = 0;
    total += sent;
  }
}

void TlsTransport::wait_readable(WaitCallback done) {
  if (is_open() && SSL_pending(ssl_) != 0 && !read_wants_write_)
    return boost::asio::post(executor(), [done = std::move(done)]() mutable { done({}); });
  if (read_wants_write_) return SocketTransport::wait_writable(std::move(done));
  SocketTransport::wait_readable(std::move(done));
}

void TlsTransport::wait_writable(WaitCallback done) {
  if (write_wants_read_) return SocketTransport::wait_readable(std::move(done));
  SocketTransport::wait_writable(std::move(done));
}

void TlsTransport::shutdown_write() {
  if (!is_open()) return;
  ERR_clear_error();
  SSL_shutdown(ssl_);
  ERR_clear_error();
  boost::system::error_code ignored;
  socket_.shutdown(StreamSocket::shutdown_send, ignored);
}

void TlsTransport::close(bool reset) {
  if (!is_open()) return;
  if (!reset && SSL_is_init_finished(ssl_) != 0) {
    ERR_clear_error();
    SSL_shutdown(ssl_);  // best effort: the socket takes the few bytes or it does not
    ERR_clear_error();
  }
  SocketTransport::close(reset);
}

}  // namespace jina::net
