#include "protocol/websocket/session.hpp"

#include <spdlog/spdlog.h>

#include <array>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>

#include "protocol/http/server_span.hpp"
#include "protocol/http2/read_block.hpp"
#include "protocol/websocket/deflate.hpp"
#include "protocol/websocket/handshake.hpp"
#include "protocol/websocket/websocket.hpp"

namespace jina::websocket {
namespace {

constexpr int kReadsPerTurn = 4;
constexpr std::size_t kInboxMessages = 64;
constexpr std::size_t kInboxBytes = 1 << 20;
constexpr std::size_t kLowWater = 64 * 1024;      // drained() waits for less than this in the queue
constexpr std::size_t kOutboxLimit = 256u << 20;  // an app that sends on and on without drained() is stopped here
constexpr std::size_t kCompressAbove = 1024;      // smaller texts do not win what they cost
constexpr std::chrono::milliseconds kCloseTime{5'000};
constexpr std::chrono::milliseconds kLingerTime{2'000};

struct ContextGuard {
  RequestContext*& pointer;
  ~ContextGuard() { pointer = nullptr; }
};

}  // namespace

WebSocketSession::WebSocketSession(std::unique_ptr<net::Transport> transport, bool deflate, net::SessionSet& sessions,
                                   const http::Limits& limits)
    : sessions_(sessions),
      limits_(limits),
      transport_(std::move(transport)),
      reader_(limits.max_websocket_message_bytes, deflate),
      changed_(transport_->executor()),
      ping_timer_(transport_->executor()),
      deadline_(transport_->executor()),
      peer_(transport_->peer()),
      deflate_(deflate) {}

void WebSocketSession::start(std::string_view response, Bytes rest, http::Request request, http::WebSocketDecision decision,
                             const Tracer& tracer) {
  const auto self = shared_from_this();
  output_.append_copy(response);
  flush();
  run_ = std::move(decision.run);
  running_ = true;
  boost::asio::co_spawn(
      transport_->executor(), run(self, std::make_unique<http::Request>(std::move(request)), decision.route, tracer),
      boost::asio::bind_cancellation_slot(cancel_.slot(), [self](const std::exception_ptr& error) { self->on_run_ended(error); }));
  sessions_.add(self);
  ping_later();
  process(std::move(rest));
  wait_readable();
}

Task<void> WebSocketSession::run(std::shared_ptr<WebSocketSession> self, std::unique_ptr<http::Request> request,
                                 std::string_view route, Tracer tracer) {
  RequestContext context;
  context.peer = self->peer_;
  context.metadata = std::move(request->headers);
  context.route = route;
  self->context_ = &context;
  const ContextGuard guard{self->context_};
  if (self->phase_ == Phase::kClosed) context.cancel(CancelReason::kClient);
  http::ServerSpan span(tracer, context, *request, "1.1", true);
  request.reset();  // connections live long
  span.answered(101);
  std::shared_ptr<http::WebSocket> socket = self;
  Task<void> task = self->run_(context, std::move(socket));
  co_await std::move(task);
}

void WebSocketSession::on_run_ended(const std::exception_ptr& error) {
  running_ = false;
  run_ = nullptr;
  std::uint16_t code = kNormal;
  if (error && phase_ != Phase::kClosed) {
    code = kInternalError;
    try {
      std::rethrow_exception(error);
    } catch (const std::exception& exception) {
      spdlog::error("WebSocket app: {}", exception.what());
    } catch (...) {
      spdlog::error("WebSocket app: unknown exception");
    }
  }
  if (phase_ == Phase::kOpen) send_close(code, {});
  leave_if_done();
}

void WebSocketSession::drain() {
  draining_ = true;
  changed_.notify();  // read() ends; the app finishes what it has begun and returns
}

void WebSocketSession::abort() {
  const auto self = shared_from_this();
  const bool by_app = !draining_;
  end();
  if (context_ != nullptr) context_->cancel(by_app ? CancelReason::kClient : CancelReason::kShutdown);
  if (running_ && !by_app) cancel_.emit(boost::asio::cancellation_type::terminal);
}

Task<std::optional<http::WebSocketMessage>> WebSocketSession::read() {
  const auto self = shared_from_this();
  while (inbox_.empty() && phase_ == Phase::kOpen && !draining_) {
    Task<void> changed = changed_.wait();
    co_await std::move(changed);
  }
  if (inbox_.empty() || draining_) co_return std::nullopt;
  std::optional<http::WebSocketMessage> message(std::move(inbox_.front()));
  inbox_.pop_front();
  inbox_bytes_ -= message->payload.size();
  if (!rest_.empty() && !inbox_full()) process(std::exchange(rest_, {}));
  wait_readable();
  co_return message;
}

bool WebSocketSession::send(http::WebSocketMessage message) {
  if (phase_ != Phase::kOpen) return false;
  if (output_.size() > kOutboxLimit) {
    spdlog::error("WebSocket to {}: more than {} bytes are queued, the connection is cut", peer_, kOutboxLimit);
    lose();
    return false;
  }
  const bool compress = deflate_ && !message.binary && message.payload.size() > kCompressAbove;
  send_frame(message.binary ? Opcode::kBinary : Opcode::kText,
             compress ? deflate_message(message.payload) : std::move(message.payload), compress);
  return phase_ == Phase::kOpen;
}

Task<void> WebSocketSession::drained() {
  const auto self = shared_from_this();
  while (phase_ != Phase::kClosed && output_.size() > kLowWater) {
    Task<void> changed = changed_.wait();
    co_await std::move(changed);
  }
}

Task<void> WebSocketSession::close(std::uint16_t code, std::string reason) {
  const auto self = shared_from_this();
  if (phase_ == Phase::kOpen) send_close(code, reason);
  while (phase_ == Phase::kCloseSent) {
    Task<void> changed = changed_.wait();
    co_await std::move(changed);
  }
}

void WebSocketSession::wait_readable() {
  if (reading_armed_ || phase_ == Phase::kClosed || !rest_.empty() || (phase_ == Phase::kOpen && inbox_full())) return;
  reading_armed_ = true;
  transport_->wait_readable([self = shared_from_this()](boost::system::error_code error) {
    self->reading_armed_ = false;
    if (self->phase_ == Phase::kClosed) return;
    if (error) return self->lose();
    self->read_loop();
    self->wait_readable();
  });
}

void WebSocketSession::read_loop() {
  for (int turn = 0; turn < kReadsPerTurn && phase_ != Phase::kClosed && rest_.empty() && !(phase_ == Phase::kOpen && inbox_full());
       ++turn) {
    http2::ReadBlock& block = http2::ReadBlock::this_thread();
    std::size_t space = 0;
    char* memory = block.space(space);
    const net::IoResult result = transport_->read(memory, space);
    if (result.status == net::IoStatus::kWouldBlock) return;
    if (result.status != net::IoStatus::kOk) return lose();
    heard_ = true;
    process(block.commit(result.bytes));
    if (result.bytes < space && (phase_ == Phase::kClosed || !transport_->secure())) return;
  }
}

void WebSocketSession::process(Bytes data) {
  while (!data.empty() && (phase_ == Phase::kOpen || phase_ == Phase::kCloseSent)) {
    switch (reader_.feed(data)) {
      case MessageReader::Step::kNeedMore: return;
      case MessageReader::Step::kControl: on_control(); break;
      case MessageReader::Step::kError: return end_by_peer(reader_.error_code(), reader_.error());
      case MessageReader::Step::kMessage:
        if (phase_ != Phase::kOpen) break;  // we have said goodbye: nobody reads it
        inbox_.push_back(reader_.take_message());
        inbox_bytes_ += inbox_.back().payload.size();
        changed_.notify();
        if (inbox_full() && !data.empty()) {
          rest_ = std::move(data);
          return;
        }
    }
  }
}

void WebSocketSession::on_control() {
  const std::string& payload = reader_.control_payload();
  if (reader_.control_opcode() == Opcode::kPing) {
    // A peer that pings and does not read gets no heap of pongs.
    if (phase_ == Phase::kOpen && output_.size() < kInboxBytes) send_frame(Opcode::kPong, Buffer::copy_of(payload));
    return;
  }
  if (reader_.control_opcode() != Opcode::kClose) return;
  std::uint16_t error = 0;
  const std::optional<Close> close = parse_close(payload, error);
  if (close) return end_by_peer(close->code, {});
  end_by_peer(error, error == kInvalidData ? "the close reason is not UTF-8" : "the close frame is malformed");
}

// The peer said goodbye or broke the protocol: our close frame, if it is not out yet, and no more.
void WebSocketSession::end_by_peer(std::uint16_t code, std::string_view reason) {
  const bool was_open = phase_ == Phase::kOpen;
  if (was_open) send_close(code, reason);
  linger();
  if (was_open && context_ != nullptr) context_->cancel(CancelReason::kClient);
}

void WebSocketSession::send_frame(Opcode opcode, Buffer payload, bool compressed) {
  if (phase_ == Phase::kClosed) return;
  char header[10];
  const std::size_t header_size = write_header(header, opcode, payload.size(), compressed);
  std::size_t written = 0;
  if (output_.empty()) {
    std::array<iovec, 16> parts;
    int count = 1;
    parts[0] = {header, header_size};
    for (const Bytes& piece : payload.pieces()) {
      if (count == static_cast<int>(parts.size())) break;
      parts[count++] = {const_cast<char*>(piece.data()), piece.size()};
    }
    const net::IoResult result = transport_->writev(parts.data(), count);
    if (result.status == net::IoStatus::kError) return lose();
    written = result.bytes;
    if (written == header_size + payload.size()) return;
  }
  if (written < header_size) output_.append_copy({header + written, header_size - written});
  payload.remove_prefix(written > header_size ? written - header_size : 0);
  for (const Bytes& piece : payload.pieces()) output_.append(piece);
  flush();
}

// The peer knows why from the code; whoever reads the log of a proxy knows from the reason.
void WebSocketSession::send_close(std::uint16_t code, std::string_view reason) {
  if (draining_ && code == kNormal) code = kGoingAway;
  send_frame(Opcode::kClose, Buffer::take(close_payload(code, reason)));
  if (phase_ != Phase::kOpen) return;
  phase_ = Phase::kCloseSent;
  ping_timer_.cancel();
  rest_ = Bytes();
  set_deadline(kCloseTime);
  changed_.notify();
  wait_readable();  // reading may have paused for a full inbox
}

void WebSocketSession::flush() {
  if (writing_armed_ || phase_ == Phase::kClosed) return;
  const std::size_t before = output_.size();
  const net::IoResult result = output_.write_to(*transport_);
  if (result.status == net::IoStatus::kError) return lose();
  if (output_.size() < before) heard_ = true;
  if (output_.size() <= kLowWater) changed_.notify();
  if (output_.empty()) {
    if (phase_ == Phase::kLingering) transport_->shutdown_write();
    return;
  }
  writing_armed_ = true;
  transport_->wait_writable([self = shared_from_this()](boost::system::error_code error) {
    self->writing_armed_ = false;
    if (self->phase_ == Phase::kClosed) return;
    if (error) return self->lose();
    self->flush();
  });
}

// The closing handshake is over, or there will be none.
void WebSocketSession::linger() {
  if (phase_ == Phase::kClosed || phase_ == Phase::kLingering) return;
  phase_ = Phase::kLingering;
  ping_timer_.cancel();
  if (output_.empty()) transport_->shutdown_write();
  set_deadline(kLingerTime);
  changed_.notify();
  wait_readable();
}

void WebSocketSession::set_deadline(std::chrono::milliseconds limit) {
  deadline_.expires_after(limit);
  deadline_.async_wait([self = shared_from_this()](boost::system::error_code error) {
    if (!error) self->lose();
  });
}

void WebSocketSession::ping_later() {
  if (limits_.websocket_ping_interval.count() <= 0) return;
  ping_timer_.expires_after(limits_.websocket_ping_interval);
  ping_timer_.async_wait([self = shared_from_this()](boost::system::error_code error) {
    if (!error && self->phase_ == Phase::kOpen) self->on_ping_time();
  });
}

void WebSocketSession::on_ping_time() {
  // While reading pauses a pong could not be seen: the silence is ours then.
  if (!heard_ && reading_armed_) {
    spdlog::debug("WebSocket from {}: no answer to a ping, the connection is cut", peer_);
    return lose();
  }
  heard_ = false;
  if (output_.empty()) send_frame(Opcode::kPing, {});
  ping_later();
}

void WebSocketSession::lose() {
  const auto self = shared_from_this();
  end();
  if (context_ != nullptr) context_->cancel(CancelReason::kClient);
}

void WebSocketSession::end() {
  if (phase_ == Phase::kClosed) return;
  phase_ = Phase::kClosed;
  ping_timer_.cancel();
  deadline_.cancel();
  output_.clear();
  rest_ = Bytes();
  transport_->close();
  changed_.notify();
  leave_if_done();
}

void WebSocketSession::leave_if_done() {
  if (phase_ == Phase::kClosed && !running_) sessions_.remove(this);
}

bool WebSocketSession::inbox_full() const noexcept { return inbox_.size() >= kInboxMessages || inbox_bytes_ >= kInboxBytes; }

void start_session(std::unique_ptr<net::Transport> transport, Bytes rest, http::Request request, http::WebSocketDecision decision,
                   net::SessionSet& sessions, const http::Limits& limits, const Tracer& tracer) {
  const bool deflate = offers_deflate(request.headers);
  const std::string response = accept_response(request, decision, deflate);
  const auto session = std::make_shared<WebSocketSession>(std::move(transport), deflate, sessions, limits);
  session->start(response, std::move(rest), std::move(request), std::move(decision), tracer);
}

}  // namespace jina::websocket
