// HeadRun: one request on its way through a head: uses_before, the shards, then uses_after or the reduction of their answers.
//
// Documents stay encoded; they are decoded for a reduction of several answers only.
//
// Thread: one I/O thread. Lifetime: keeps itself until the completion ran; shards and context outlive it. Cancellation: the
// context's, through the pool: its calls end and the completion runs with their status.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "head/shards.hpp"
#include "topology/polling.hpp"

namespace jina::head {

using topology::Poll;

class HeadRun : public std::enable_shared_from_this<HeadRun> {
 public:
  /// `requests`: one, or the inputs of a fan-in that nobody merged; not empty.
  HeadRun(Shards& shards, RequestContext& context, std::vector<wire::DataRequest> requests, Poll poll, bool reduce,
          wire::ReplyCallback done);
  void start();

 private:
  void send(const std::string& deployment, const std::vector<wire::DataRequest>& requests, wire::ReplyCallback done);
  void ask_shards();
  void all_answered();
  void combine(std::vector<wire::DataRequest> answers);
  void add_trailing(const Metadata& metadata);
  void fail(Status status);
  void finish(wire::DataRequest answer);

  Shards& shards_;
  RequestContext& context_;
  std::vector<wire::DataRequest> requests_;
  wire::DataRequest original_;  // what an error is told with
  Poll poll_;
  bool reduce_;
  wire::ReplyCallback done_;
  std::vector<std::optional<wire::Reply>> answers_;  // by shard
  std::size_t left_ = 0;
  std::size_t failed_ = 0;
  Metadata trailing_;
};

}  // namespace jina::head
