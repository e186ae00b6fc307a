// ThreadEnd: for tests that wait until a thread which nobody joins is at its end.
//
//   thread_local ThreadEnd end;  // on that thread
//   end.ended = ended;           // a std::shared_ptr<std::promise<void>>
//
// Thread: the one that ends. Lifetime: thread_local. Cancellation: none.
#pragma once
#include <future>
#include <memory>

namespace jina {

struct ThreadEnd {
  std::shared_ptr<std::promise<void>> ended{};  ///< shared: who sets it may be inside still when the wait is over
  ~ThreadEnd() {
    if (ended) ended->set_value();
  }
};

}  // namespace jina
