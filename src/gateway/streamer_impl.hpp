// GatewayStreamer::Impl: what a streamer sends with: the graph and the connections of a gateway, or its own.
//
// Thread: the I/O thread, but for `io`. Lifetime: see jina/streamer.hpp. Cancellation: none of its own.
#pragma once
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <thread>
#include <utility>

#include "base/droppable_io.hpp"
#include "gateway/endpoint_table.hpp"
#include "gateway/executor_router.hpp"
#include "jina/streamer.hpp"
#include "topology/graph_runner.hpp"

namespace jina {

namespace gateway {

/// An I/O thread of a streamer that has no gateway around it.
struct OwnIoThread {
  DroppableIo io;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{io.get_executor()};
  std::thread thread;
  GatewayStreamer::Impl* last = nullptr;  ///< a streamer that was destroyed on this thread: it goes when the thread is at its end
};

}  // namespace gateway

struct GatewayStreamer::Impl {
  Impl() = default;
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl();
  /// Destroys `impl`; on its own I/O thread, which it can not wait for there, once that is through with what it runs.
  static void destroy(std::unique_ptr<Impl> impl);
  /// Ends what is in flight, and then the I/O thread.
  void close_own();

  ResponseStream to_graph(DocumentArray docs, const StreamOptions& options);
  ResponseStream to_executor(const std::string& name, DocumentArray docs, ExecutorPostOptions options);
  /// To the Executor that streams the endpoint. REQUIRES: there is an Executor.
  ResponseStream document_to_graph(const Document& doc, const StreamOptions& options);
  ResponseStream document_to_executor(const std::string& name, const Document& doc, const StreamOptions& options);
  /// Posts `function` from any thread; drops it when calls are refused.
  template <class Function>
  void on_io_thread(Function function) {
    if (io->get_executor().running_in_this_thread()) return boost::asio::post(*io, std::move(function));
    const std::shared_lock lock(gate);
    if (!refusing) boost::asio::post(*io, std::move(function));
  }
  /// From now on calls of other threads fail at once. Called before the I/O thread's handlers are dropped, so that none is
  /// forgotten.
  void refuse_calls();

  std::unique_ptr<gateway::OwnIoThread> own_thread{};  // first: outlives the rest
  boost::asio::io_context* io = nullptr;
  // Of a streamer with connections of its own; null in one that the runtime made.
  std::unique_ptr<ConnectionPool> own_pool{};
  std::unique_ptr<gateway::ExecutorRouter> own_executors{};
  std::unique_ptr<topology::GraphRunner> own_runner{};
  std::unique_ptr<gateway::EndpointTable> own_endpoints{};
  gateway::ExecutorRouter* executors = nullptr;
  topology::GraphRunner* runner = nullptr;
  gateway::EndpointTable* endpoints = nullptr;
  int prefetch = 0;
  std::shared_mutex gate{};
  bool refusing = false;
};

}  // namespace jina
