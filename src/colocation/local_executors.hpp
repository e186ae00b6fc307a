// LocalExecutors: calls of one I/O thread to the Executors of this process; nothing is encoded on the way.
//
// Copy semantics are those of a wire: an Executor gets Documents of its own, whoever else has the request, and a function that
// throws leaves the caller's untouched.
//
// Thread: one I/O thread; the Executors may be on another one (LocalHosts), where a call goes and comes back by way of its queue.
// Lifetime: the hosts outlive it; destroy when idle, or after its io_context ran for the last time. Cancellation: a cancelled call
// completes at once with CANCELLED; what runs is told through its own context, and a plain function is left to finish.
#pragma once
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "base/buffer.hpp"
#include "base/unique_function.hpp"
#include "colocation/local_hosts.hpp"
#include "protocol/request_handler.hpp"
#include "topology/executor_caller.hpp"

namespace jina::colocation {

class LocalCall;

struct LocalCallOptions {
  std::optional<std::chrono::milliseconds> timeout_send{};  ///< of each call; empty or negative: none
  std::map<std::string, Metadata, std::less<>> metadata{};  ///< by deployment: what its functions find in the context
};

class LocalExecutors final : public topology::ExecutorCaller {
 public:
  LocalExecutors(boost::asio::io_context& io, LocalHosts& hosts, LocalCallOptions options);
  ~LocalExecutors() override;
  LocalExecutors(const LocalExecutors&) = delete;
  LocalExecutors& operator=(const LocalExecutors&) = delete;

  bool has(std::string_view deployment) const noexcept { return hosts_.find(deployment) != nullptr; }
  std::vector<std::string> names() const { return hosts_.names(); }

  /// `done` may run before these return: an endpoint that is quick has done its work then. REQUIRES: has(deployment).
  void send(RequestContext& context, std::string_view deployment, std::string_view endpoint, wire::DataRequest&& request,
            wire::ReplyCallback done) override;
  void send_list(RequestContext& context, std::string_view deployment, std::string_view endpoint,
                 std::vector<wire::DataRequest> requests, wire::ReplyCallback done) override;

  /// The answers of a generator endpoint, as RequestHandler::stream_doc. REQUIRES: has(deployment).
  void stream_doc(RequestContext& context, std::string_view deployment, Buffer request,
                  std::shared_ptr<protocol::RequestStream> stream);
  /// What endpoint_discovery of the Executor answers. REQUIRES: has(deployment).
  void discover(RequestContext& context, std::string_view deployment, UniqueFunction<void(Result<Buffer>)> done);

  /// Ends the calls that are in flight with UNAVAILABLE.
  void close();
  /// Runs `done` once no function works for this thread any more, those of calls that were given up included. One waiter.
  void when_idle(UniqueFunction<void()> done);

 private:
  friend class LocalCall;
  const Metadata& metadata_of(std::string_view deployment) const noexcept;
  bool same_thread() const noexcept { return &io_ == &hosts_.io(); }
  void job_ended();

  boost::asio::io_context& io_;
  LocalHosts& hosts_;
  LocalCallOptions options_;
  std::unordered_set<LocalCall*> waiting_;  // started, not completed
  std::size_t jobs_ = 0;                    // with the hosts
  int depth_ = 0;                           // calls that complete before they return, within each other
  UniqueFunction<void()> idle_;
};

}  // namespace jina::colocation
