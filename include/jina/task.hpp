// Task<T>: the coroutine type of user code; an alias, so that anything from Asio's world can be awaited in it.
//
// Thread: a Task runs on the I/O thread of the request that started it and never moves to another one.
// Lifetime: awaited by its caller; arguments taken by reference must outlive the await (g++ 12: pass values or named objects,
// never a temporary with a destructor inside the co_await expression; one in braces, `{.x = ...}`, is even destroyed twice).
// Cancellation: Asio's per-operation cancellation; an awaited operation ends with operation_aborted.
#pragma once
#include <boost/asio/awaitable.hpp>

namespace jina {

template <class T = void>
using Task = boost::asio::awaitable<T>;

}  // namespace jina
