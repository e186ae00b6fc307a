// StopOnSignal: SIGINT, SIGTERM and SIGHUP stop a server in order; a second one ends the process at once, unless it
// is the echo of the first (flow::StopCount).
//
// Thread: has one of its own, on which `stop` runs. Lifetime: as long as the server runs. Cancellation: destruction.
#pragma once
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <functional>
#include <thread>

#include "flow/stop_count.hpp"

namespace jina::cli {

class StopOnSignal {
 public:
  explicit StopOnSignal(std::function<void()> stop);
  ~StopOnSignal();
  StopOnSignal(const StopOnSignal&) = delete;
  StopOnSignal& operator=(const StopOnSignal&) = delete;

 private:
  void wait();
  std::function<void()> stop_;
  flow::StopCount stops_{};
  boost::asio::io_context io_{1};
  boost::asio::signal_set signals_{io_};
  std::thread thread_;
};

}  // namespace jina::cli
