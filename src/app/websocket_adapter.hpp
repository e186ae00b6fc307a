// The server's WebSocket as handlers see it.
//
// Thread: the connection's I/O thread. Lifetime: shares the connection. Cancellation: reads end when the peer is gone.
#pragma once
#include <memory>

#include "jina/http.hpp"
#include "protocol/http/handler.hpp"

namespace jina::app {

/// `closed` is set when the handler called close(), so that nobody closes a second time.
class ClosableWebSocket : public WebSocket {
 public:
  virtual bool closed() const noexcept = 0;
};
std::unique_ptr<ClosableWebSocket> adapt(std::shared_ptr<http::WebSocket> socket);

}  // namespace jina::app
