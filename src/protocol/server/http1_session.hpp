// Http1Session: one HTTP/1 connection of a Server. Requests are served one after the other in the order they came; what the peer
// pipelined waits. An idle connection owns no buffer: reading goes through the thread's read block, writing gathers the header
// and the body's pieces in one call.
//
// Thread: one I/O thread. Lifetime: shared with its waits and with the handler that runs; in the server's set until both ended.
// Cancellation: drain() ends it after what runs; abort() closes at once, cancels the handler's context and aborts what it awaits.
// A lost client cancels the context only: the handler runs to its end and its response is dropped.
#pragma once
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <optional>
#include <string>

#include "jina/request_context.hpp"
#include "protocol/http/request_reader.hpp"
#include "protocol/http/signal.hpp"
#include "protocol/http2/output.hpp"
#include "protocol/server/sessions.hpp"

namespace jina::protocol {

class Http1Session final : public net::Session, public std::enable_shared_from_this<Http1Session> {
 public:
  Http1Session(std::unique_ptr<net::Transport> transport, SessionEnvironment& environment);

  void start(Bytes already_read);
  void drain() override;
  void abort() override;

 private:
  enum class Phase : std::uint8_t {
    kReading,    // waiting for a request, or in the middle of one
    kServing,    // the handler runs, or its response is being streamed
    kFlushing,   // the response is complete, the socket has not taken it all
    kLingering,  // the last response is out; what the peer still sends is thrown away, so that no RST overtakes the response
    kClosed,
  };

  // Reading.
  void wait_readable();
  void read_loop();
  void take(Bytes data);
  void process(Bytes data);
  void on_end_of_input();
  // Serving.
  void begin_serving();
  void upgrade(Bytes rest);
  static Task<http::WebSocketDecision> decide(std::shared_ptr<Http1Session> self);
  void on_decided(const std::exception_ptr& error, http::WebSocketDecision decision);
  void answer_at_once(http::Response& response, Bytes rest);
  static Task<void> serve(std::shared_ptr<Http1Session> self);
  Task<void> stream_body(std::shared_ptr<http::BodySource> source, std::optional<std::uint64_t> size, bool chunked);
  void on_served(const std::exception_ptr& error);
  void respond(http::Response& response);
  void refuse(int status, std::string_view detail);
  // Writing (http1_output.cpp).
  static constexpr std::size_t kStreamHighWater =
      256 * 1024;  // a streamed body pauses above this many bytes not taken by the socket
  void send(std::string_view head, const Buffer& body);
  void keep_unsent(std::string_view head, const Buffer& body, std::size_t written);
  void flush();
  void on_flushed();
  void finish_exchange();
  // Time and the end.
  void set_deadline(std::chrono::milliseconds limit);
  void no_deadline() noexcept { deadline_ = SteadyTime::max(); }
  void arm_timer();
  void on_deadline();
  void linger();
  void lost();
  void close(bool reset = false);
  void leave_if_done();

  SessionEnvironment& environment_;
  std::unique_ptr<net::Transport> transport_;
  http::RequestReader reader_;
  http2::OutputQueue output_;
  Bytes pending_;                      // came while a request was served
  RequestContext* context_ = nullptr;  // of the running handler; lives in its coroutine
  boost::asio::cancellation_signal cancel_;
  http::Signal writable_;  // a streamed body waits for the socket
  std::string peer_;
  boost::asio::steady_timer timer_;
  SteadyTime deadline_ = SteadyTime::max();
  SteadyTime armed_ = SteadyTime::max();
  Phase phase_ = Phase::kReading;
  bool started_ = false;
  bool serving_ = false;    // the handler's coroutine exists
  bool deciding_ = false;   // on an upgrade: nothing is read, since the transport may be handed on
  bool responded_ = false;  // the header of the response is out
  bool keep_alive_ = true;  // after this response
  bool head_request_ = false;
  bool reading_armed_ = false;
  bool writing_armed_ = false;
  bool input_ended_ = false;  // the peer sent its FIN
  bool draining_ = false;
};

}  // namespace jina::protocol
