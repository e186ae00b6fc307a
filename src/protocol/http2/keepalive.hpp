// Keepalive: decides when a connection sends a PING and when it gives the peer up. Pure bookkeeping over a timer; it knows no
// HTTP/2.
//
// Thread: one I/O thread. Lifetime: stop() before the owner dies. Cancellation: stop().
#pragma once
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <memory>

#include "base/unique_function.hpp"

namespace jina::http2 {

class Keepalive {
 public:
  enum class Action : std::uint8_t { kPing, kGiveUp };
  using OnAction = UniqueFunction<void(Action)>;

  /// `time` of silence until a PING, `timeout` from there until the peer is given up; `max_pings_without_data` 0 = no bound.
  Keepalive(boost::asio::any_io_executor executor, std::chrono::milliseconds time, std::chrono::milliseconds timeout,
            std::uint32_t max_pings_without_data);

  /// `on_action` runs from the timer, never inside a call.
  void start(OnAction on_action);
  void stop();
  /// Bytes came from the peer.
  void on_receive() noexcept { heard_ = true; }
  /// A request, an answer or a body went out.
  void on_send_data() noexcept { pings_without_data_ = 0; }

 private:
  void arm(std::chrono::milliseconds delay);
  void on_timer();

  struct State;
  boost::asio::steady_timer timer_;
  std::chrono::milliseconds time_;
  std::chrono::milliseconds timeout_;
  std::uint32_t max_pings_without_data_;
  std::uint32_t pings_without_data_ = 0;
  bool heard_ = false;
  bool waiting_for_answer_ = false;
  OnAction on_action_;
};

}  // namespace jina::http2
