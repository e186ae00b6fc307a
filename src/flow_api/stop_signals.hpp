// StopSignals: while it lives, SIGINT, SIGTERM and SIGHUP do not end the process but make a file readable.
//
// Thread: one at a time in a process. Lifetime: the destructor puts the former handlers back. Cancellation: none.
#pragma once
#include <array>
#include <csignal>

namespace jina::flow_api {

class StopSignals {
 public:
  StopSignals();
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  int file() const noexcept;
  bool came() const noexcept;

 private:
  std::array<struct sigaction, 3> before_{};
};

}  // namespace jina::flow_api
