#include "protocol/http2/keepalive.hpp"

namespace jina::http2 {

Keepalive::Keepalive(boost::asio::any_io_executor executor, std::chrono::milliseconds time, std::chrono::milliseconds timeout,
                     std::uint32_t max_pings_without_data)
    : timer_(std::move(executor)), time_(time), timeout_(timeout), max_pings_without_data_(max_pings_without_data) {}

void Keepalive::start(OnAction on_action) {
  if (time_.count() <= 0) return;
  on_action_ = std::move(on_action);
  arm(time_);
}

void Keepalive::stop() {
  timer_.cancel();
  on_action_.reset();
}

void Keepalive::arm(std::chrono::milliseconds delay) {
  timer_.expires_after(delay);
  // The owner calls stop() before it dies: then the wait completes with an error and `this` is not touched.
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) on_timer();
  });
}

void Keepalive::on_timer() {
  if (!on_action_) return;
  if (heard_) {
    heard_ = false;
    waiting_for_answer_ = false;
    arm(time_);
  } else if (waiting_for_answer_) {
    on_action_(Action::kGiveUp);  // may destroy this
  } else if (max_pings_without_data_ != 0 && pings_without_data_ >= max_pings_without_data_) {
    arm(time_);
  } else {
    ++pings_without_data_;
    waiting_for_answer_ = true;
    arm(timeout_);
    on_action_(Action::kPing);
  }
}

}  // namespace jina::http2
