// read_events(): an HTTP request whose answer is a stream of server-sent events (text/event-stream), given one by one as they come;
// no more is read from the socket than there is room for.
//
// Thread: one I/O thread. Lifetime: await it. Cancellation: Asio's; the connection is dropped then, as at its end.
#pragma once
#include <functional>

#include "client/event_parser.hpp"
#include "client/http_client.hpp"

namespace jina::client {

/// Status of an HTTP answer when an Executor's function raised.
inline constexpr int kExecutorRaised = 499;

/// OK at the end of the stream, or when `on_event` returned false; an answer that is no 200 is an error as for
/// status_of_http(), but for kExecutorRaised, which is given to `on_event` as the "error" that it would be later.
/// `room` is awaited before each read: until then the server has to wait, once the buffers of the sockets are full.
Task<Status> read_events(Target target, HttpRequest request, EventParser::OnEvent on_event, std::function<Task<void>()> room);

}  // namespace jina::client
