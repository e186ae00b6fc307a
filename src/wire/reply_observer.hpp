// ReplyObserver: whoever wants to know of every request and its answer (src/metrics). Where requests are handled there is a pointer
// to one, null when nobody asks.
//
// Thread: the request's I/O thread. Lifetime: outlives the requests. Cancellation: none; a cancelled request is answered too.
#pragma once
#include <span>

#include "wire/reply.hpp"

namespace jina::wire {

class ReplyObserver {
 public:
  virtual ~ReplyObserver() = default;
  /// A request arrived (or the several of a fan-in, which have one answer); the result takes the place of `done`.
  virtual ReplyCallback watch(std::span<const DataRequest> requests, ReplyCallback done) = 0;
};

}  // namespace jina::wire
