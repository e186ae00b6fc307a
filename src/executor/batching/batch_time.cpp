#include "executor/batching/batch_time.hpp"

#include <boost/asio/steady_timer.hpp>

namespace jina {
namespace {

class RealTimer final : public BatchTimer {
 public:
  RealTimer(boost::asio::io_context& io, UniqueFunction<void()> fire)
      : timer_(io), fire_(std::make_shared<UniqueFunction<void()>>(std::move(fire))) {}
  void start(SteadyTime at) override {
    timer_.expires_at(at);
    // The function says whether the timer is still there: a wait that has ended is called even after its timer was destroyed.
    timer_.async_wait([fire = std::weak_ptr(fire_)](boost::system::error_code error) {
      const auto alive = error ? nullptr : fire.lock();
      if (alive) (*alive)();
    });
  }

 private:
  boost::asio::steady_timer timer_;
  std::shared_ptr<UniqueFunction<void()>> fire_;
};

class RealTime final : public BatchTime {
 public:
  explicit RealTime(boost::asio::io_context& io) : io_(io) {}
  SteadyTime now() const override { return std::chrono::steady_clock::now(); }
  std::unique_ptr<BatchTimer> make_timer(UniqueFunction<void()> fire) override {
    return std::make_unique<RealTimer>(io_, std::move(fire));
  }

 private:
  boost::asio::io_context& io_;
};

}  // namespace

std::unique_ptr<BatchTime> BatchTime::real(boost::asio::io_context& io) { return std::make_unique<RealTime>(io); }

}  // namespace jina
