#include "app/stream/stream_group.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace jina::app {

Task<void> StreamGroup::finish() {
  const std::unordered_set<Member*> running = members_;
  for (Member* member : running)
    if (members_.count(member) != 0) member->stop();
  while (!members_.empty()) co_await changed_.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
}

}  // namespace jina::app
