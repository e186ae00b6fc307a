// ping(): is a gateway or an Executor ready? Or, for a whole Flow: does a request get through?
//
// Thread: one I/O thread. Lifetime: await it. Cancellation: Asio's; otherwise it ends at `limit`.
#pragma once
#include <boost/asio/io_context.hpp>
#include <chrono>

#include "client/target.hpp"
#include "jina/status.hpp"
#include "jina/task.hpp"

namespace jina::client {

enum class PingKind : std::uint8_t {
  kRuntime,  ///< the process itself: gRPC health check; GET / must give 200
  kFlow,     ///< its dry run, which reaches every Executor
  kAnswers,  ///< any answer to an HTTP request will do
};

/// OK when ready; else UNAVAILABLE, DEADLINE_EXCEEDED, ... with what was seen.
Task<Status> ping(boost::asio::io_context& io, Target target, PingKind kind, std::chrono::milliseconds limit);

}  // namespace jina::client
