#include "flow_api/stop_signals.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

namespace jina::flow_api {
namespace {

constexpr std::array<int, 3> kSignals{SIGINT, SIGTERM, SIGHUP};
std::array<int, 2> ends{-1, -1};
volatile std::sig_atomic_t came_one = 0;

void on_signal(int) {
  const int before = errno;
  came_one = 1;
  const char byte = 0;
  (void)!::write(ends[1], &byte, 1);
  errno = before;
}

}  // namespace

StopSignals::StopSignals() {
  came_one = 0;
  (void)!::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK);
  struct sigaction action {};
  action.sa_handler = on_signal;
  for (std::size_t i = 0; i < kSignals.size(); ++i) ::sigaction(kSignals[i], &action, &before_[i]);
}

StopSignals::~StopSignals() {
  for (std::size_t i = 0; i < kSignals.size(); ++i) ::sigaction(kSignals[i], &before_[i], nullptr);
  ::close(ends[0]);
  ::close(ends[1]);
  ends = {-1, -1};
}

int StopSignals::file() const noexcept { return ends[0]; }
bool StopSignals::came() const noexcept { return came_one != 0; }

}  // namespace jina::flow_api
