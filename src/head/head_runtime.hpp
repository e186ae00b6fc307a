// HeadRuntime: a head behind a port, on one I/O thread (the caller's).
//
// Thread: start() and run() on one thread, which becomes the I/O thread; stop() from any. Lifetime: destroy after run() returned.
// Cancellation: stop(): NOT_SERVING, no new connections, running requests end within the grace time, then their connections are
// cut.
#pragma once
#include <cstdint>
#include <memory>

#include "head/head_options.hpp"
#include "jina/status.hpp"

namespace jina::head {

class HeadRuntime {
 public:
  /// Listens; no shard is asked yet. An error says which argument, address or port is to blame.
  static Result<std::unique_ptr<HeadRuntime>> start(HeadOptions options);
  ~HeadRuntime();

  std::uint16_t port() const noexcept;
  std::size_t shards() const noexcept;
  /// Serves until stop().
  void run();
  void stop();

 private:
  struct Impl;
  explicit HeadRuntime(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace jina::head
