// GatewayLife: setup_server(), run_server(), shutdown() of one gateway object in their order, with their limits and their failures.
//
// Thread: the I/O thread. Lifetime: gateway and io_context outlive it; destroy after `done` was called. Cancellation: stop().
#pragma once
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <exception>
#include <functional>
#include <string>

#include "base/io_watchdog.hpp"
#include "base/unique_function.hpp"
#include "jina/gateway.hpp"

namespace jina::gateway {

struct LifeLimits {
  std::chrono::milliseconds setup{600'000};  ///< not positive: none
  std::chrono::milliseconds grace{10'000};
};

class GatewayLife {
 public:
  /// `who` names class and file: "Gateway 'MyGateway' (my_gateway.cpp)".
  GatewayLife(boost::asio::io_context& io, Gateway& gateway, std::string who, LifeLimits limits, IoWatchdog& watchdog);

  /// `ready` runs after setup_server(), `done` at the end: OK when stop() led there and everything returned in time.
  void start(UniqueFunction<void()> ready, UniqueFunction<void(Status)> done);
  void stop();

 private:
  enum class Phase : std::uint8_t { kSetup, kServing, kStopping, kUnwinding, kDone };
  // One of the three functions while it runs.
  struct Part {
    const char* name;
    Task<void> (Gateway::*function)();
    bool running = false;
    boost::asio::cancellation_signal cancel{};
  };

  void run(Part& part);
  void ended(Part& part, const std::exception_ptr& thrown);
  void begin_shutdown();
  void unwind();
  void finish_when_all_returned();
  void finish();
  void fail(StatusCode code, const std::string& what);
  void limit(std::chrono::milliseconds after, UniqueFunction<void()> late);
  void no_limit();

  boost::asio::io_context& io_;
  Gateway& gateway_;
  const std::string who_;
  const LifeLimits limits_;
  IoWatchdog& watchdog_;
  UniqueFunction<void()> ready_;
  UniqueFunction<void(Status)> done_;
  Phase phase_ = Phase::kSetup;
  Status status_;
  Part setup_{"setup_server()", &Gateway::setup_server};
  Part serve_{"run_server()", &Gateway::run_server};
  Part shutdown_{"shutdown()", &Gateway::shutdown};
  boost::asio::steady_timer limit_;
  std::uint64_t limit_number_ = 0;
};

}  // namespace jina::gateway
