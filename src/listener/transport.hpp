// Transport: a non-blocking byte stream on one socket, plain or TLS, as the protocol sessions see it: try to read, try to write,
// ask to be called when it may work again. Sessions bring their own buffers, so an idle connection owns none.
//
// Thread: belongs to one I/O thread. Lifetime: owned by its session; close() makes pending waits complete with
// operation_aborted, after the current handler. Cancellation: close().
#pragma once
#include <sys/uio.h>

#include <boost/asio/any_io_executor.hpp>
#include <boost/system/error_code.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/unique_function.hpp"
#include "jina/bytes.hpp"

namespace jina::net {

enum class IoStatus : std::uint8_t {
  kOk,          ///< `bytes` > 0 were moved
  kWouldBlock,  ///< nothing now; wait
  kEof,         ///< the peer sent its end (read only)
  kError,       ///< `error` says why; close
};

struct IoResult {
  IoStatus status = IoStatus::kWouldBlock;
  std::size_t bytes = 0;
  boost::system::error_code error{};
};

using WaitCallback = UniqueFunction<void(boost::system::error_code)>;

class Transport {
 public:
  virtual ~Transport() = default;
  virtual IoResult read(char* data, std::size_t size) = 0;
  /// May move fewer bytes than asked for; then wait_writable.
  virtual IoResult writev(const iovec* parts, int count) = 0;
  /// One wait of each kind at a time. `done` never runs inside the call. TLS: also runs when buffered input is left to read.
  virtual void wait_readable(WaitCallback done) = 0;
  virtual void wait_writable(WaitCallback done) = 0;
  /// Sends FIN (TLS: close_notify) once what was written is on its way.
  virtual void shutdown_write() = 0;
  /// Closes at once; with `reset` the peer sees RST instead of FIN.
  virtual void close(bool reset = false) = 0;
  virtual bool is_open() const noexcept = 0;
  virtual boost::asio::any_io_executor executor() = 0;
  /// "127.0.0.1:51234".
  virtual std::string peer() const = 0;
  virtual bool secure() const noexcept = 0;
  /// The protocol chosen by ALPN ("h2", "http/1.1"), empty without TLS.
  virtual std::string_view alpn() const noexcept = 0;
};

}  // namespace jina::net
