#include "flow/stop_signals.hpp"

#include <sys/signalfd.h>
#include <unistd.h>

namespace jina::flow {

StopSignals::StopSignals(boost::asio::io_context& io, std::function<void(int)> on_signal)
    : on_signal_(std::move(on_signal)), descriptor_(io) {
  ::sigemptyset(&ours_);
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) ::sigaddset(&ours_, number);
  ::pthread_sigmask(SIG_BLOCK, &ours_, &before_);
  descriptor_.assign(::signalfd(-1, &ours_, SFD_NONBLOCK | SFD_CLOEXEC));
  wait();
}

StopSignals::~StopSignals() {
  close();
  ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

void StopSignals::wait() {
  descriptor_.async_wait(boost::asio::posix::descriptor_base::wait_read, [this](auto failure) {
    if (failure) return;
    signalfd_siginfo info{};
    while (descriptor_.is_open() && ::read(descriptor_.native_handle(), &info, sizeof info) == static_cast<ssize_t>(sizeof info))
      on_signal_(static_cast<int>(info.ssi_signo));
    if (descriptor_.is_open()) wait();
  });
}

void StopSignals::discard() {
  const timespec now{};
  while (::sigtimedwait(&ours_, nullptr, &now) > 0) {
  }
}

void StopSignals::close() {
  boost::system::error_code ignored;
  descriptor_.close(ignored);
}

}  // namespace jina::flow
