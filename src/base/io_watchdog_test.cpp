#include "base/io_watchdog.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <condition_variable>
#include <future>
#include <mutex>
#include <vector>

namespace jina {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;

// An I/O thread with a watchdog, blocked by tests until they heard of it.
class IoWatchdogTest : public ::testing::Test {
 protected:
  ~IoWatchdogTest() override {
    work_.reset();
    io_.stop();
    if (thread_.joinable()) thread_.join();
  }
  void start() {
    watchdog_.start();
    thread_ = std::thread([this] { io_.run(); });
  }
  void on_blocked(const std::string& what, const std::string& advice) {
    const std::lock_guard lock(mutex_);
    reports_.push_back(what + ": " + advice);
    changed_.notify_all();
  }
  // Keeps the I/O thread blocked for three times the limit, by the watchdog's own clock.
  void stay_blocked() {
    const auto looked = std::make_shared<std::promise<void>>();  // whoever sets it may be inside still when the wait is over
    watchdog_.expect_by(std::chrono::steady_clock::now() + 120ms, [looked] { looked->set_value(); });
    looked->get_future().wait();
  }
  // On the I/O thread, or the test's.
  void wait_for_reports(std::size_t count) {
    std::unique_lock lock(mutex_);
    EXPECT_TRUE(changed_.wait_for(lock, 20s, [&] { return reports_.size() >= count; }));
  }
  void on_io_thread(std::function<void()> function) {
    std::atomic<bool> done = false;
    boost::asio::post(io_, [&] {
      function();
      done = true;
      done.notify_all();
    });
    done.wait(false);
  }

  boost::asio::io_context io_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{io_.get_executor()};
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> reports_;
  IoWatchdog watchdog_{io_, 40ms, [this](const std::string& what, const std::string& advice) { on_blocked(what, advice); }};
  std::thread thread_;
};

TEST_F(IoWatchdogTest, ReportsAPhaseOnce) {
  watchdog_.set_phase("setting up", "do less");
  start();
  on_io_thread([&] {
    wait_for_reports(1);
    stay_blocked();  // there is no second report
  });
  EXPECT_THAT(reports_, ElementsAre("setting up: do less"));
  watchdog_.set_phase("serving", "do less");
  on_io_thread([&] { wait_for_reports(2); });
  EXPECT_THAT(reports_, ElementsAre("setting up: do less", "serving: do less"));
}

TEST_F(IoWatchdogTest, AnActivityIsNamedInsteadAndOnce) {
  watchdog_.set_phase("serving", "do less");
  start();
  IoActivity outer{.what = "outer", .advice = "a"}, inner{.what = "inner", .advice = "b"};
  // A probe has to come by once: then the thread knows its watchdog.
  std::atomic<bool> known = false;
  while (!known) on_io_thread([&] { known = IoActivityScope(outer).watched(); });
  on_io_thread([&] {
    const IoActivityScope first(outer);
    {
      const IoActivityScope second(inner);
      wait_for_reports(1);
    }
    wait_for_reports(2);
    stay_blocked();
  });
  EXPECT_THAT(reports_, ElementsAre("inner: b", "outer: a"));
}

TEST_F(IoWatchdogTest, ElsewhereAnActivityDoesNothing) {
  IoActivity activity{.what = "x", .advice = "y"};
  EXPECT_FALSE(IoActivityScope(activity).watched());
}

TEST_F(IoWatchdogTest, TellsWhatIsLate) {
  start();
  std::atomic<bool> late = false;
  watchdog_.expect_by(std::chrono::steady_clock::now(), [&] {
    late = true;
    late.notify_all();
  });
  late.wait(false);
  std::atomic<bool> never = false;
  watchdog_.expect_by(std::chrono::steady_clock::now() + 50ms, [&] { never = true; });
  watchdog_.disarm();
  watchdog_.expect_by(std::chrono::steady_clock::now() + 100ms, [&] {
    late = false;
    late.notify_all();
  });
  late.wait(true);
  EXPECT_FALSE(never);
}

}  // namespace
}  // namespace jina
