// DroppableIo: an io_context that can be emptied while what its handlers refer to still exists.
//
// User code may leave coroutines behind. Those hold streams and references to the gateway; destroyed with the io_context, at the
// very end, they would reach into what is gone already.
//
// Thread: as io_context. Lifetime: drop_handlers() once it runs no more, before the rest goes. Cancellation: none.
#pragma once
#include <boost/asio/io_context.hpp>

namespace jina {

class DroppableIo : public boost::asio::io_context {
 public:
  DroppableIo() : io_context(1) {}
  /// Destroys every handler and every coroutine that waits. Nothing can be run afterwards.
  void drop_handlers() { shutdown(); }
};

}  // namespace jina
