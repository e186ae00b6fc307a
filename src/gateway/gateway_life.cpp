#include "gateway/gateway_life.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/core/demangle.hpp>
#include <utility>

namespace jina::gateway {

using namespace std::chrono_literals;

namespace {

// How long what was cancelled may take to end.
constexpr auto kUnwindTime = 1s;
// A server that cuts its connections at the end of the grace time is in time.
constexpr auto kGraceSlack = 500ms;

// Inside a coroutine, so that a function that throws before its first co_await fails like any other.
Task<void> call(Gateway& gateway, Task<void> (Gateway::*function)()) { co_await (gateway.*function)(); }

std::string text_of(const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const std::exception& error) {
    // The names of the standard library's own classes say nothing that the text does not.
    const std::string type = boost::core::demangle(typeid(error).name());
    return type.starts_with("std::") || type.starts_with("boost::") ? error.what() : type + ": " + error.what();
  } catch (...) {
    return "something that is no std::exception";
  }
}

std::string seconds(std::chrono::milliseconds time) {
  if (time % 1000ms == 0ms) return std::to_string(time.count() / 1000) + " s";
  return std::to_string(time.count()) + " ms";
}

}  // namespace

GatewayLife::GatewayLife(boost::asio::io_context& io, Gateway& gateway, std::string who, LifeLimits limits, IoWatchdog& watchdog)
    : io_(io), gateway_(gateway), who_(std::move(who)), limits_(limits), watchdog_(watchdog), limit_(io) {}

void GatewayLife::start(UniqueFunction<void()> ready, UniqueFunction<void(Status)> done) {
  // Told to stop before it began: stop() found nothing to end and nobody to tell.
  if (phase_ == Phase::kDone) return done(std::move(status_));
  ready_ = std::move(ready);
  done_ = std::move(done);
  if (limits_.setup > 0ms) {
    limit(limits_.setup, [this] {
      fail(StatusCode::kDeadlineExceeded, "setup_server() did not end within " + seconds(limits_.setup) +
                                              " (--timeout-ready). It binds the ports and returns; serving is run_server()'s part");
      unwind();
    });
  }
  run(setup_);
}

void GatewayLife::stop() {
  switch (phase_) {
    case Phase::kSetup: return unwind();
    case Phase::kServing: return begin_shutdown();
    default: return;
  }
}

void GatewayLife::run(Part& part) {
  part.running = true;
  watchdog_.set_phase(who_ + " blocks the I/O thread in " + part.name,
                      "run what blocks with jina::run_blocking (jina/blocking.hpp), or co_await it");
  boost::asio::co_spawn(io_, call(gateway_, part.function),
                        boost::asio::bind_cancellation_slot(
                            part.cancel.slot(), [this, &part](const std::exception_ptr& thrown) { ended(part, thrown); }));
}

void GatewayLife::ended(Part& part, const std::exception_ptr& thrown) {
  part.running = false;
  if (phase_ == Phase::kUnwinding) return finish_when_all_returned();  // what it throws then is our cancellation
  if (thrown) fail(StatusCode::kInternal, std::string(part.name) + " failed: " + text_of(thrown));
  if (&part == &setup_) {
    no_limit();
    if (thrown) return finish();
    phase_ = Phase::kServing;
    if (auto ready = std::exchange(ready_, nullptr)) ready();
    return run(serve_);
  }
  if (phase_ == Phase::kServing) {
    if (!thrown)
      fail(StatusCode::kInternal,
           "run_server() returned although nobody called shutdown(). It has to serve until then: co_await what shutdown() ends");
    return begin_shutdown();
  }
  finish_when_all_returned();
}

void GatewayLife::begin_shutdown() {
  phase_ = Phase::kStopping;
  limit(limits_.grace + kGraceSlack, [this] {
    const std::string part = shutdown_.running ? shutdown_.name : serve_.name;
    fail(StatusCode::kDeadlineExceeded, part + " did not return within the grace time of " + seconds(limits_.grace) +
                                            (shutdown_.running ? "" : " after shutdown()") + " and is cancelled");
    unwind();
  });
  run(shutdown_);
}

void GatewayLife::unwind() {
  phase_ = Phase::kUnwinding;
  limit(kUnwindTime, [this] { finish(); });
  for (Part* part : {&setup_, &serve_, &shutdown_})
    if (part->running) part->cancel.emit(boost::asio::cancellation_type::terminal);
  finish_when_all_returned();
}

void GatewayLife::finish_when_all_returned() {
  if (!setup_.running && !serve_.running && !shutdown_.running) finish();
}

void GatewayLife::finish() {
  if (phase_ == Phase::kDone) return;
  phase_ = Phase::kDone;
  no_limit();
  watchdog_.set_phase("", "");
  if (auto done = std::exchange(done_, nullptr)) done(std::move(status_));
}

void GatewayLife::fail(StatusCode code, const std::string& what) {
  // The first failure is the cause of the others.
  if (status_.ok()) status_ = {code, who_ + ": " + what};
}

void GatewayLife::limit(std::chrono::milliseconds after, UniqueFunction<void()> late) {
  // One that has expired may be on its way here when it is cancelled: only the last one counts.
  limit_.expires_after(after);
  limit_.async_wait([this, number = ++limit_number_, late = std::move(late)](const boost::system::error_code& error) mutable {
    if (!error && number == limit_number_) late();
  });
}

void GatewayLife::no_limit() {
  ++limit_number_;
  limit_.cancel();
}

}  // namespace jina::gateway
