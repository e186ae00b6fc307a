// Connection: one HTTP/2 connection, server or client side, over libnghttp2 and a Transport.
//
// Reading: a readable socket is read into the thread's shared read block and fed to nghttp2; bodies come out as slices of that
// block, so nothing is copied and an idle connection owns no buffer. Writing: frames are gathered and written together at the
// end of the event-loop turn; bodies go out by reference.
//
// Thread: one I/O thread. Lifetime: shared; keeps itself alive while a wait on its transport is pending; every stream is closed
// (observers told) before it dies. Cancellation: drain() finishes what runs, abort() cuts.
#pragma once
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/unique_function.hpp"
#include "jina/bytes.hpp"
#include "listener/session.hpp"
#include "listener/transport.hpp"
#include "protocol/http2/keepalive.hpp"
#include "protocol/http2/output.hpp"
#include "protocol/http2/skipped_ids.hpp"
#include "protocol/http2/stream.hpp"

struct nghttp2_session;

namespace jina::http2 {

enum class Role : std::uint8_t { kServer, kClient };

struct ConnectionOptions {
  std::uint32_t max_concurrent_streams = 1024;  ///< that the peer may open
  std::uint32_t stream_window = 1 << 20;        ///< bytes a stream may send before they are consumed
  std::uint32_t connection_window = 16 << 20;
  std::uint32_t max_frame_size = 16 * 1024;         ///< that the peer may send; larger ones save little (measured: 13 us per MiB)
  std::size_t max_header_bytes = 64 * 1024;         ///< of one block; larger ones reset the stream
  std::chrono::milliseconds keepalive_time{9'999};  ///< PING after this much silence; 0 = never
  std::chrono::milliseconds keepalive_timeout{4'999};
  std::uint32_t max_pings_without_data = 0;  ///< 0 = no bound; gRPC servers punish more than two
};

/// What a connection tells its owner.
class ConnectionOwner {
 public:
  virtual ~ConnectionOwner() = default;
  /// Server: the peer opened a stream. Its header fields follow to the observer that is returned.
  virtual std::shared_ptr<StreamObserver> on_stream(Stream& stream) = 0;
  /// The peer's SETTINGS arrived (client: the connection is usable).
  virtual void on_ready() {}
  /// The peer said GOAWAY: no new streams here, those running may end.
  virtual void on_goaway() {}
  /// The last call: `why` is for people. The owner lets the connection go.
  virtual void on_closed(const std::string& why) = 0;
};

class Connection final : public std::enable_shared_from_this<Connection> {
 public:
  Connection(Role role, std::unique_ptr<net::Transport> transport, ConnectionOptions options, ConnectionOwner& owner);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// Sends the preface and SETTINGS, takes what was read already, begins to read.
  void start(Bytes already_read);

  /// Client: opens a stream with this header; null when no stream can be opened any more (GOAWAY, ids used up).
  Stream* open(std::span<const Header> headers, std::shared_ptr<StreamObserver> observer, bool end_stream);

  /// Announces the end (GOAWAY), lets streams finish, then closes.
  void drain();
  /// Closes now; every stream is told.
  void abort(const std::string& why);

  bool is_open() const noexcept { return !closed_; }
  bool accepts_streams() const noexcept { return !closed_ && !goaway_received_ && !draining_; }
  std::size_t stream_count() const noexcept { return streams_.size(); }
  net::Transport& transport() noexcept { return *transport_; }

 private:
  friend class Stream;
  friend struct ConnectionCallbacks;

  void feed(Bytes& data);
  void read_loop();
  void wait_readable();
  void schedule_flush();
  void flush();
  void notify_writable();
  void close(const std::string& why, bool reset);
  void linger();
  void close_streams();
  void close_when_idle();
  void finish_stream(std::int32_t id, CloseReason reason);
  void on_keepalive(Keepalive::Action action);

  Role role_;
  std::unique_ptr<net::Transport> transport_;
  ConnectionOptions options_;
  ConnectionOwner* owner_;
  nghttp2_session* session_ = nullptr;
  std::unordered_map<std::int32_t, std::unique_ptr<Stream>> streams_;
  std::vector<std::int32_t> writable_;  // streams whose queue became short; told after the write
  OutputQueue output_;
  Keepalive keepalive_;
  std::unique_ptr<boost::asio::steady_timer> linger_limit_;  // while lingering
  Bytes reading_;                                            // the block nghttp2 is being fed from; on_data slices it
  std::size_t header_bytes_ = 0;                             // of the block being received
  SkippedIds skipped_ids_;
  bool in_session_ = false;  // inside nghttp2: no recursion, the flush comes after
  bool flush_scheduled_ = false;
  bool writing_blocked_ = false;
  bool reading_stopped_ = false;
  bool ready_ = false;
  bool goaway_received_ = false;
  bool draining_ = false;
  bool closed_ = false;
};

}  // namespace jina::http2
