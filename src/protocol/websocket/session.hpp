// WebSocketSession: one open WebSocket connection, as the server (net::Session) and as the app sees it (http::WebSocket).
//
// Reading stops while the app has not taken what was read; what the app sends goes to the socket at once or waits in a queue whose
// length it can ask for. The thread's read block is used for reading, so an idle connection owns no buffer.
//
// Thread: one I/O thread. Lifetime: shared by its waits and the app; leaves the server's set when the connection is closed and
// run() has ended. Cancellation: drain() lets the app finish (read() ends) and closes 1001; abort() closes at once, cancels the
// context and aborts what the app awaits.
#pragma once
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <memory>
#include <string>

#include "listener/session.hpp"
#include "listener/transport.hpp"
#include "protocol/http/handler.hpp"
#include "protocol/http/signal.hpp"
#include "protocol/http2/output.hpp"
#include "protocol/websocket/message_reader.hpp"

namespace jina::websocket {

class WebSocketSession final : public net::Session, public http::WebSocket, public std::enable_shared_from_this<WebSocketSession> {
 public:
  WebSocketSession(std::unique_ptr<net::Transport> transport, bool deflate, net::SessionSet& sessions, const http::Limits& limits);

  void start(std::string_view response, Bytes rest, http::Request request, http::WebSocketDecision decision, const Tracer& tracer);

  // net::Session; abort() is http::WebSocket's, too: the peer sees 1006.
  void drain() override;
  void abort() override;

  // http::WebSocket
  Task<std::optional<http::WebSocketMessage>> read() override;
  bool send(http::WebSocketMessage message) override;
  std::size_t queued_bytes() const override { return output_.size(); }
  Task<void> drained() override;
  Task<void> close(std::uint16_t code, std::string reason) override;

 private:
  enum class Phase : std::uint8_t {
    kOpen,
    kCloseSent,  // our close frame is out, the peer's is to come
    kLingering,  // both are out, or the peer broke the protocol: what it still sends is thrown away until it closes
    kClosed,
  };

  static Task<void> run(std::shared_ptr<WebSocketSession> self, std::unique_ptr<http::Request> request, std::string_view route,
                        Tracer tracer);
  void on_run_ended(const std::exception_ptr& error);
  void wait_readable();
  void read_loop();
  void process(Bytes data);
  void on_control();
  void send_frame(Opcode opcode, Buffer payload, bool compressed = false);
  void send_close(std::uint16_t code, std::string_view reason);
  void flush();
  void end_by_peer(std::uint16_t code, std::string_view reason);
  void linger();
  void set_deadline(std::chrono::milliseconds limit);
  void ping_later();
  void on_ping_time();
  void end();
  void lose();
  void leave_if_done();
  bool inbox_full() const noexcept;

  net::SessionSet& sessions_;
  const http::Limits& limits_;
  std::unique_ptr<net::Transport> transport_;
  MessageReader reader_;
  http2::OutputQueue output_;
  std::deque<http::WebSocketMessage> inbox_;
  std::size_t inbox_bytes_ = 0;
  Bytes rest_;            // read, not processed: the inbox was full
  http::Signal changed_;  // inbox, output queue or phase
  boost::asio::steady_timer ping_timer_;
  boost::asio::steady_timer deadline_;
  boost::asio::cancellation_signal cancel_;
  std::function<Task<void>(RequestContext&, std::shared_ptr<http::WebSocket>)> run_;
  RequestContext* context_ = nullptr;  // of run(); lives in its coroutine
  std::string peer_;
  Phase phase_ = Phase::kOpen;
  bool deflate_;
  bool running_ = false;
  bool draining_ = false;
  bool reading_armed_ = false;
  bool writing_armed_ = false;
  bool heard_ = true;  // something moved since the last ping
};

}  // namespace jina::websocket
