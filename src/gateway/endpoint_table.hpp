// EndpointTable: which Executor of the Flow serves an endpoint, and which endpoints stream, as the Executors describe themselves.
//
// Nobody is asked before somebody wants to know, and then again when what an Executor said is older than a second: one that starts,
// or comes back as another one, is found. All are asked at the same time, and only one that never said anything is waited for: what
// another one said last counts until it says something else.
//
// Thread: that of its io_context, which outlives it. Lifetime: the Executors that `ask` talks to outlive it, or complete no more.
// Cancellation: close(); an Executor gets two seconds to answer.
#pragma once
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/buffer.hpp"
#include "base/clock.hpp"
#include "base/unique_function.hpp"
#include "jina/request_context.hpp"
#include "jina/status.hpp"

namespace jina::gateway {

/// An endpoint as its Executor describes it.
struct KnownEndpoint {
  std::string name{};  ///< as the Executor has it
  std::string deployment{};
  bool streams = false;  ///< its function is a generator
  std::string
      foreign_documents{};  ///< name of their class when they are those of docarray 0.30 and later, which have another wire form
};

class EndpointTable {
 public:
  /// Gets the EndpointsProto of one Executor. The context lives until the completion; it is cancelled when the time is over, and
  /// then completes.
  using Ask =
      std::function<void(RequestContext& context, const std::string& deployment, UniqueFunction<void(Result<Buffer>)> done)>;

  struct Answer {
    std::optional<KnownEndpoint> endpoint{};
    Status unreachable{};  ///< not found, and why an Executor that never said what it has could not be asked
  };

  /// `deployments` in the order in which they are preferred.
  EndpointTable(boost::asio::io_context& io, std::vector<std::string> deployments, Ask ask, const Clock& clock = Clock::real(),
                std::chrono::milliseconds time_to_answer = std::chrono::seconds(2));
  ~EndpointTable();
  EndpointTable(const EndpointTable&) = delete;
  EndpointTable& operator=(const EndpointTable&) = delete;

  /// The first one known to stream `endpoint`, else, when nobody is waited for any more, the first one that has it. Slashes around
  /// the name do not matter. May complete before it returns. Destroying the table drops `done`.
  void find(std::string_view endpoint, UniqueFunction<void(Answer)> done);
  /// All endpoints that stream, each once; those of an Executor that said something once as they were.
  void streaming(UniqueFunction<void(std::vector<KnownEndpoint>)> done);
  /// What `deployment` said is no longer so.
  void forget(std::string_view deployment);
  /// Cancels what is asked, and asks nobody any more: who waits gets what is known. Before the connections are closed.
  void close();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace jina::gateway
