#include "cli/stop_on_signal.hpp"

#include <unistd.h>

#include <csignal>

namespace jina::cli {

StopOnSignal::StopOnSignal(std::function<void()> stop) : stop_(std::move(stop)) {
  for (int number : {SIGINT, SIGTERM, SIGHUP}) signals_.add(number);
  wait();
  thread_ = std::thread([this] { io_.run(); });
}

StopOnSignal::~StopOnSignal() {
  io_.stop();
  thread_.join();
}

void StopOnSignal::wait() {
  signals_.async_wait([this](const boost::system::error_code& error, int number) {
    if (error) return;
    switch (stops_.take(std::chrono::steady_clock::now())) {
      case flow::StopCount::Meaning::kFirst: std::exchange(stop_, {})(); break;
      case flow::StopCount::Meaning::kEcho: break;
      case flow::StopCount::Meaning::kAgain: ::_exit(128 + number);
    }
    wait();
  });
}

}  // namespace jina::cli
