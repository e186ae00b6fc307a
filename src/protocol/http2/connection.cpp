#include "protocol/http2/connection.hpp"

#include <nghttp2/nghttp2.h>
#include <spdlog/spdlog.h>

#include <boost/asio/post.hpp>

#include "protocol/http2/connection_callbacks.hpp"
#include "protocol/http2/read_block.hpp"

namespace jina::http2 {
namespace {

// Reads of one event-loop turn, so that one busy connection does not starve the others of its thread.
constexpr int kReadsPerTurn = 8;
// Frames gathered before they are written, so that a large body does not pile up in front of the socket.
constexpr std::size_t kWriteBatch = 1 << 20;

}  // namespace

Connection::Connection(Role role, std::unique_ptr<net::Transport> transport, ConnectionOptions options, ConnectionOwner& owner)
    : role_(role),
      transport_(std::move(transport)),
      options_(options),
      owner_(&owner),
      keepalive_(transport_->executor(), options.keepalive_time, options.keepalive_timeout, options.max_pings_without_data) {
  session_ = make_session(*this, role, options_);
}

Connection::~Connection() { nghttp2_session_del(session_); }

void Connection::start(Bytes already_read) {
  auto self = shared_from_this();
  keepalive_.start([this](Keepalive::Action action) { on_keepalive(action); });
  submit_settings(session_, options_);
  if (!already_read.empty()) feed(already_read);
  if (closed_) return;
  flush();
  if (!closed_) wait_readable();
}

Stream* Connection::open(std::span<const Header> headers, std::shared_ptr<StreamObserver> observer, bool end_stream) {
  if (!accepts_streams()) return nullptr;
  auto stream = std::make_unique<Stream>(*this, -1);
  const std::int32_t id = submit_request(session_, headers, *stream, end_stream);
  if (id < 0) return nullptr;
  stream->id_ = id;
  stream->observer_ = std::move(observer);
  stream->body_started_ = true;
  stream->ended_ = end_stream;
  keepalive_.on_send_data();
  schedule_flush();
  return streams_.emplace(id, std::move(stream)).first->second.get();
}

void Connection::wait_readable() {
  if (closed_ || reading_stopped_) return;
  transport_->wait_readable([self = shared_from_this()](boost::system::error_code error) {
    if (self->closed_) return;
    if (error) return self->close("waiting for input: " + error.message(), false);
    self->read_loop();
  });
}

void Connection::read_loop() {
  auto self = shared_from_this();
  for (int turn = 0; turn < kReadsPerTurn && !closed_; ++turn) {
    ReadBlock& block = ReadBlock::this_thread();
    std::size_t space = 0;
    char* memory = block.space(space);
    const net::IoResult result = transport_->read(memory, space);
    if (result.status == net::IoStatus::kWouldBlock) break;
    if (result.status == net::IoStatus::kEof) return close("the peer closed the connection", false);
    if (result.status == net::IoStatus::kError) return close(result.error.message(), false);
    if (linger_limit_) continue;  // thrown away
    keepalive_.on_receive();
    Bytes data = block.commit(result.bytes);
    feed(data);
    // A short read emptied the socket: asking again would only cost the system call that says so. TLS may hold more.
    if (result.bytes < space && !transport_->secure()) break;
  }
  if (closed_) return;
  flush();
  if (!closed_) wait_readable();
}

void Connection::feed(Bytes& data) {
  reading_ = std::move(data);
  in_session_ = true;
  const ssize_t used = nghttp2_session_mem_recv(session_, reinterpret_cast<const std::uint8_t*>(reading_.data()), reading_.size());
  in_session_ = false;
  reading_ = {};
  if (used < 0) {
    flush();  // nghttp2 queued a GOAWAY that names the reason
    if (linger_limit_) return;
    close(std::string("HTTP/2: ") + nghttp2_strerror(static_cast<int>(used)), false);
  }
}

void Connection::schedule_flush() {
  if (in_session_ || flush_scheduled_ || closed_) return;
  flush_scheduled_ = true;
  boost::asio::post(transport_->executor(), [self = shared_from_this()] {
    self->flush_scheduled_ = false;
    if (!self->closed_) self->flush();
  });
}

void Connection::flush() {
  if (closed_ || in_session_ || writing_blocked_ || linger_limit_) return;
  for (;;) {
    in_session_ = true;
    bool more = true;
    while (output_.size() < kWriteBatch) {
      const std::uint8_t* data = nullptr;
      const ssize_t size = nghttp2_session_mem_send(session_, &data);
      if (size < 0) {
        in_session_ = false;
        return close(std::string("HTTP/2: ") + nghttp2_strerror(static_cast<int>(size)), false);
      }
      if (size == 0) {
        more = false;
        break;
      }
      output_.append_copy({reinterpret_cast<const char*>(data), static_cast<std::size_t>(size)});
    }
    in_session_ = false;
    if (output_.empty()) break;
    const net::IoResult result = output_.write_to(*transport_);
    if (result.status == net::IoStatus::kError) return close(result.error.message(), false);
    if (result.status == net::IoStatus::kWouldBlock) {
      writing_blocked_ = true;
      transport_->wait_writable([self = shared_from_this()](boost::system::error_code error) {
        self->writing_blocked_ = false;
        if (self->closed_) return;
        if (error) return self->close("waiting for output: " + error.message(), false);
        self->flush();
      });
      return;
    }
    if (!more) break;
  }
  notify_writable();
  if (closed_ || nghttp2_session_want_read(session_) != 0 || nghttp2_session_want_write(session_) != 0) return;
  if (role_ == Role::kServer && !draining_) return linger();
  close("the connection was ended in order", false);
}

// The last frame is out. What the peer sent meanwhile is read and thrown away: closing a socket with unread bytes makes a RST,
// which may overtake that frame.
void Connection::linger() {
  using namespace std::chrono_literals;
  keepalive_.stop();
  transport_->shutdown_write();
  linger_limit_ = std::make_unique<boost::asio::steady_timer>(transport_->executor(), 1s);
  linger_limit_->async_wait([self = shared_from_this()](const boost::system::error_code& error) {
    if (!error && !self->closed_) self->close("the connection was ended in order", false);
  });
}

void Connection::notify_writable() {
  while (!writable_.empty() && !closed_) {
    const std::int32_t id = writable_.back();
    writable_.pop_back();
    const auto found = streams_.find(id);
    if (found == streams_.end()) continue;
    const std::shared_ptr<StreamObserver> observer = found->second->observer_;
    observer->on_writable();
  }
}

void Connection::drain() {
  if (closed_ || draining_) return;
  draining_ = true;
  auto self = shared_from_this();
  if (linger_limit_) return close("drained", false);
  if (role_ == Role::kServer) {
    // The last stream id is the highest that was seen: what the peer sent meanwhile may be tried elsewhere.
    nghttp2_submit_goaway(session_, NGHTTP2_FLAG_NONE, nghttp2_session_get_last_proc_stream_id(session_), NGHTTP2_NO_ERROR, nullptr,
                          0);
    schedule_flush();
  }
  if (streams_.empty()) {
    if (!in_session_) {
      flush();
      if (!closed_ && output_.empty()) close("drained", false);
    }
  }
}

void Connection::abort(const std::string& why) {
  if (closed_) return;
  auto self = shared_from_this();
  close(why, true);
}

void Connection::close(const std::string& why, bool reset) {
  if (closed_) return;
  closed_ = true;
  auto self = shared_from_this();
  keepalive_.stop();
  if (linger_limit_) linger_limit_->cancel();
  transport_->close(reset);
  output_.clear();
  close_streams();
  if (owner_ != nullptr) std::exchange(owner_, nullptr)->on_closed(why);
}

void Connection::close_streams() {
  // A stream's end may open or close others through the observers: take them one at a time.
  while (!streams_.empty()) {
    const auto first = streams_.begin();
    std::unique_ptr<Stream> stream = std::move(first->second);
    streams_.erase(first);
    const std::shared_ptr<StreamObserver> observer = std::move(stream->observer_);
    if (observer) observer->on_close(CloseReason{ErrorCode::kCancel, true, stream->not_processed_});
  }
}

void Connection::on_keepalive(Keepalive::Action action) {
  if (closed_) return;
  auto self = shared_from_this();
  if (action == Keepalive::Action::kGiveUp) return close("keepalive: no answer to PING", true);
  nghttp2_submit_ping(session_, NGHTTP2_FLAG_NONE, nullptr);
  schedule_flush();
}

void Connection::finish_stream(std::int32_t id, CloseReason reason) {
  const auto found = streams_.find(id);
  if (found == streams_.end()) return;
  std::unique_ptr<Stream> stream = std::move(found->second);
  streams_.erase(found);
  const std::shared_ptr<StreamObserver> observer = std::move(stream->observer_);
  reason.not_processed = reason.not_processed || stream->not_processed_;
  if (observer) observer->on_close(reason);
  if (draining_ && streams_.empty() && role_ == Role::kClient) close_when_idle();
}

void Connection::close_when_idle() {
  boost::asio::post(transport_->executor(), [self = shared_from_this()] {
    if (!self->closed_ && self->streams_.empty()) self->close("drained", false);
  });
}

// ---------------------------------------------------------------------------------------------------------------- Stream

void Stream::send_headers(std::span<const Header> headers, bool end_stream) {
  if (end_stream) ended_ = true;
  body_started_ = true;
  submit_response(connection_.session_, headers, *this, end_stream);
  connection_.keepalive_.on_send_data();
  connection_.schedule_flush();
}

void Stream::send_data(Buffer data) {
  out_.append(std::move(data));
  if (out_.size() > kHighWater) above_high_water_ = true;
  if (deferred_) {
    deferred_ = false;
    nghttp2_session_resume_data(connection_.session_, id_);
  }
  connection_.keepalive_.on_send_data();
  connection_.schedule_flush();
}

void Stream::end() {
  if (ended_) return;
  ended_ = true;
  if (deferred_) {
    deferred_ = false;
    nghttp2_session_resume_data(connection_.session_, id_);
  }
  connection_.schedule_flush();
}

void Stream::end_with_trailers(std::span<const Header> trailers) {
  if (ended_) return;
  for (const Header& header : trailers) trailers_.emplace_back(header.name, header.value);
  end();
}

void Stream::reset(ErrorCode code) {
  nghttp2_submit_rst_stream(connection_.session_, NGHTTP2_FLAG_NONE, id_, static_cast<std::uint32_t>(code));
  connection_.schedule_flush();
}

void Stream::consume(std::size_t bytes) {
  nghttp2_session_consume_stream(connection_.session_, id_, bytes);
  connection_.schedule_flush();
}

}  // namespace jina::http2
