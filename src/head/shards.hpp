// Shards: whom a head talks to, its shards in order and what stands before and after them, over one ConnectionPool.
//
// Thread: one I/O thread. Lifetime: outlives the requests; close() ends their calls. Cancellation: the pool's.
#pragma once
#include <boost/asio/io_context.hpp>
#include <memory>
#include <string>
#include <vector>

#include "connection_pool/connection_pool.hpp"
#include "head/head_options.hpp"

namespace jina::head {

/// Deployments of the pool beside the shards, whose names are their numbers.
inline constexpr const char* kUsesBefore = "uses_before";
inline constexpr const char* kUsesAfter = "uses_after";

class Shards {
 public:
  /// INVALID_ARGUMENT that names the argument and the address that is wrong. Nothing is connected yet.
  static Result<std::unique_ptr<Shards>> make(boost::asio::io_context& io, const HeadOptions& options);

  ConnectionPool& pool() const noexcept { return *pool_; }
  /// By number.
  const std::vector<std::string>& all() const noexcept { return names_; }
  /// Each in turn, the second one first, as Jina counts.
  const std::string& next() noexcept { return names_[++turn_ % names_.size()]; }
  bool has_before() const noexcept { return pool_->has(kUsesBefore); }
  bool has_after() const noexcept { return pool_->has(kUsesAfter); }

 private:
  Shards() = default;

  std::unique_ptr<ConnectionPool> pool_;
  std::vector<std::string> names_;
  std::size_t turn_ = 0;
};

/// What a gateway is told when a shard could not be asked: Jina's words for network errors, the status as it is for others.
Status explain_shard_failure(const Status& status, std::string_view deployment, const TriedReplicas& tried);

/// Whether Jina's head fails a call with this code; other failures become an answer with an error in its header.
bool is_network_failure(StatusCode code) noexcept;

}  // namespace jina::head
