// Http2 streams as gRPC and plain HTTP use them: Stream sends, StreamObserver is told what the peer does.
//
// Thread: the I/O thread of the connection. Lifetime: a Stream lives until its observer's on_close returned; the observer is kept
// by the stream until then. Cancellation: Stream::reset, or the peer's RST_STREAM, which ends in on_close.
#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/buffer.hpp"

namespace jina::http2 {

/// A header field to be sent; the views must live until the call that takes them returned.
struct Header {
  std::string_view name;
  std::string_view value;
};

/// HTTP/2 error codes (RFC 9113, section 7) that this project sends or looks at.
enum class ErrorCode : std::uint32_t {
  kNoError = 0,
  kProtocolError = 1,
  kInternalError = 2,
  kFlowControlError = 3,
  kStreamClosed = 5,
  kRefusedStream = 7,
  kCancel = 8,
  kEnhanceYourCalm = 11,
};

/// How a stream ended.
struct CloseReason {
  ErrorCode code = ErrorCode::kNoError;
  bool by_connection = false;  ///< the connection went away under it
  bool not_processed = false;  ///< the peer is known not to have looked at it (refused, GOAWAY below it, never sent)
};

class StreamObserver {
 public:
  virtual ~StreamObserver() = default;
  /// One header or trailer field of the block that on_headers_complete will end.
  virtual void on_header(std::string_view name, std::string_view value) = 0;
  /// The block is complete: request or response header first (1xx included, as a block of its own), trailers later.
  virtual void on_headers_complete(bool end_stream) = 0;
  /// A piece of the body; shares memory with the read block. It counts against the stream's window until Stream::consume.
  virtual void on_data(Bytes data) = 0;
  /// The peer sends no more (not called when on_headers_complete said so already).
  virtual void on_end() = 0;
  /// The queue of Stream::send_data is short again after having been long.
  virtual void on_writable() {}
  /// The last call. The Stream must not be used afterwards.
  virtual void on_close(const CloseReason& reason) = 0;
};

class Connection;

class Stream {
 public:
  Stream(Connection& connection, std::int32_t id) : connection_(connection), id_(id) {}
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  std::int32_t id() const noexcept { return id_; }
  Connection& connection() const noexcept { return connection_; }

  /// Hands the rest of the stream's events to another observer.
  void set_observer(std::shared_ptr<StreamObserver> observer) { observer_ = std::move(observer); }

  /// Server: the response header; with `end_stream` nothing follows.
  void send_headers(std::span<const Header> headers, bool end_stream);
  /// Appends to the body.
  void send_data(Buffer data);
  /// Ends the body after what is queued.
  void end();
  /// Ends the body after what is queued with these trailers; copied now.
  void end_with_trailers(std::span<const Header> trailers);
  /// RST_STREAM; on_close follows from the event loop.
  void reset(ErrorCode code);
  /// Gives `bytes` of on_data back to the peer's window of this stream.
  void consume(std::size_t bytes);

  std::size_t queued_bytes() const noexcept { return out_.size(); }
  bool peer_ended() const noexcept { return peer_ended_; }

  /// Above this many queued bytes a writer should wait for on_writable; it comes at a quarter of it.
  static constexpr std::size_t kHighWater = 256 * 1024;

 private:
  friend class Connection;
  friend struct ConnectionCallbacks;

  Connection& connection_;
  std::int32_t id_;
  std::shared_ptr<StreamObserver> observer_;
  Buffer out_;  // body bytes not yet framed
  std::vector<std::pair<std::string, std::string>> trailers_;
  bool ended_ = false;     // end() or end_with_trailers() was called
  bool deferred_ = false;  // nghttp2 waits for resume_data
  bool body_started_ = false;
  bool peer_ended_ = false;
  bool above_high_water_ = false;
  bool headers_seen_ = false;
  bool not_processed_ = false;
};

}  // namespace jina::http2
