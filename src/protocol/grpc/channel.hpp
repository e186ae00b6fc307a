// Channel: gRPC over HTTP/2, client side, to one address; connects on first use and again, with back-off, after a loss.
//
// Thread: belongs to one I/O thread, as do all of its calls and completions.
// Lifetime: destroy after its calls completed, or call close() first: then every open call completes with UNAVAILABLE.
// Cancellation: CallHandle::cancel() resets the stream; the completion still runs, once, with CANCELLED. A deadline ends a call
// with DEADLINE_EXCEEDED "Deadline Exceeded", connecting included.
#pragma once
#include <boost/asio/io_context.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/buffer.hpp"
#include "base/unique_function.hpp"
#include "jina/request_context.hpp"
#include "jina/status.hpp"
#include "jina/task.hpp"
#include "protocol/grpc/server.hpp"

namespace jina::grpc {

struct ChannelOptions {
  bool tls = false;                                              ///< verified against the system's roots
  std::string ca_file{};                                         ///< or against the certificates in this PEM file
  bool verify = true;                                            ///< false: any certificate will do
  std::string authority{};                                       ///< :authority and SNI; the address when empty
  std::size_t max_receive_bytes = static_cast<std::size_t>(-1);  ///< larger messages end the call with RESOURCE_EXHAUSTED
  Compression compression = Compression::kIdentity;              ///< of the messages sent
  std::chrono::milliseconds connect_timeout{20'000};
  std::chrono::milliseconds keepalive_time{9'999};  ///< PING after this much silence, also without calls; 0 = never
  std::chrono::milliseconds keepalive_timeout{4'999};
};

struct CallOptions {
  Metadata metadata{};
  std::optional<SteadyTime> deadline{};
  std::optional<Compression> compression{};  ///< instead of the channel's
};

/// The end of a unary call.
struct UnaryReply {
  Status status{};
  Buffer message{};
  Metadata initial{};
  Metadata trailing{};
  std::string status_details{};  ///< an encoded google.rpc.Status that says more about `status` (grpc-status-details-bin)
  /// No byte of an answer had come and the server is known not to have processed the call (refused connection, GOAWAY below the
  /// stream, REFUSED_STREAM): sending it again, there or elsewhere, can not do anything twice.
  bool safe_to_retry = false;
};

namespace detail {
class ClientCall;
}

/// Refers to a running call; copies refer to the same one. Does nothing once the call completed.
class CallHandle {
 public:
  CallHandle() = default;
  explicit CallHandle(std::weak_ptr<detail::ClientCall> call) : call_(std::move(call)) {}
  void cancel();

 private:
  std::weak_ptr<detail::ClientCall> call_;
};

/// A call with streams in both directions. One read at a time.
class ClientStream {
 public:
  virtual ~ClientStream() = default;
  /// The next message, or nullopt when the server ended the call: then finished() says how.
  virtual void read(UniqueFunction<void(std::optional<Buffer>)> on_next) = 0;
  /// Returns false when the call is over.
  virtual bool write(Buffer message) = 0;
  virtual void writes_done() = 0;
  virtual std::size_t queued_bytes() const = 0;
  virtual void when_writable(UniqueFunction<void()> on_writable) = 0;
  virtual void cancel() = 0;
  /// Status and trailing metadata; meaningful after read() gave nullopt.
  virtual const Status& status() const = 0;
  virtual const Metadata& trailing() const = 0;
  /// As UnaryReply::safe_to_retry, at the same time.
  virtual bool safe_to_retry() const = 0;
};

enum class ChannelState : std::uint8_t { kIdle, kConnecting, kReady, kBackoff, kClosed };

class Channel {
 public:
  /// `address` is "host:port" (IPv6 in brackets); nothing is resolved or connected yet.
  Channel(boost::asio::io_context& io, std::string address, ChannelOptions options = {});
  ~Channel();
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  const std::string& address() const noexcept;
  ChannelState state() const noexcept;
  /// Calls that were started and have not completed.
  std::size_t outstanding() const noexcept;

  /// Starts a unary call; `done` runs exactly once, never before this returns.
  CallHandle unary(std::string_view path, Buffer request, CallOptions options, UniqueFunction<void(UnaryReply)> done);
  Task<UnaryReply> unary(std::string path, Buffer request, CallOptions options);

  /// Starts a call with streams. `request_stream` false: the first write() is the only one (server streaming).
  std::shared_ptr<ClientStream> open(std::string_view path, CallOptions options);

  /// Drops the connection and forgets the back-off: the next call connects at once.
  void reset();
  /// Ends every call with UNAVAILABLE and closes the connection; later calls fail at once.
  void close();

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace jina::grpc
