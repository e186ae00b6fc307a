#include "app/files/file_body.hpp"

#include <algorithm>

#include "app/worker_pool.hpp"

namespace jina::app {

Task<std::optional<Bytes>> FileBody::next() {
  if (left_ == 0) co_return std::nullopt;
  const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(left_, kPiece));
  char* out = nullptr;
  Bytes piece = Bytes::allocate(wanted, out);
  std::size_t got = file_.read_cached(out, wanted, at_);
  if (got < wanted) {
    const auto read_rest = [&] { got += file_.read(out + got, wanted - got, at_ + got); };
    if (workers_) {
      // Not the request's context: a client that goes away must not take the buffer from under the read.
      RequestContext context;
      bool busy = false;
      try {
        std::function<void()> job = read_rest;
        Task<void> reading = workers_->run(context, std::move(job));
        co_await std::move(reading);
      } catch (const HttpError&) {
        busy = true;  // half of the file is out: rather wait for the disk here than cut the connection
      }
      if (busy) read_rest();
    } else {
      read_rest();
    }
  }
  // A file that became shorter meanwhile: the length is said already, so the connection has to be cut.
  if (got < wanted) throw std::runtime_error("a file changed while it was sent");
  at_ += got;
  left_ -= got;
  co_return piece;
}

}  // namespace jina::app
