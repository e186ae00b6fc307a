// Transport: carries the requests of one post to the server and brings the answers, each by itself; one per protocol.
//
// Thread: one I/O thread. Lifetime: shared with what runs for it. Cancellation: close().
#pragma once
#include <memory>
#include <optional>
#include <string>

#include "base/unique_function.hpp"
#include "client/connections.hpp"
#include "jina/client.hpp"
#include "wire/data_request.hpp"

namespace jina::client {

/// An answer, or why there is none.
struct Reply {
  Status status{};
  wire::DataRequest message{};        ///< when `json` is empty
  std::optional<std::string> json{};  ///< of an HTTP server: the body, as it came
  bool retry = false;                 ///< another attempt may do better
};

/// `message`, read from `json` if that is what came.
Result<wire::DataRequest> message_of(Reply reply);

class Transport {
 public:
  using Done = UniqueFunction<void(Reply)>;

  virtual ~Transport() = default;
  /// `done` is called once, unless close() comes first; never before this returns.
  virtual void send(const std::string& id, const wire::DataRequest& request, Done done) = 0;
  /// There are no more requests, unless one has to be sent again.
  virtual void no_more() {}
  /// Drops what is in work.
  virtual void close() = 0;
  /// False while too many bytes wait to be sent; then when_room() calls back once they are fewer, or when there is nobody any more
  /// to send them to.
  virtual bool has_room() const { return true; }
  virtual void when_room(UniqueFunction<void()> go) { go(); }
  /// Requests at a time.
  virtual std::size_t limit() const { return static_cast<std::size_t>(-1); }
};

/// So many bytes may wait to be sent over one connection before no more inputs are taken.
inline constexpr std::size_t kMostQueuedBytes = 4 << 20;

/// What a post tells its transport.
struct TransportOptions {
  std::string endpoint{};
  Metadata metadata{};  ///< of client and post
  bool stream = true;
  bool results_in_order = false;
  int prefetch = 0;  ///< as the post says it: 0 for the gateway's own
  std::optional<SteadyTime> deadline{};
};

std::shared_ptr<Transport> make_transport(std::shared_ptr<Connections> connections, TransportOptions options);
// One per file.
std::shared_ptr<Transport> make_grpc_transport(std::shared_ptr<Connections> connections, TransportOptions options);
std::shared_ptr<Transport> make_http_transport(std::shared_ptr<Connections> connections, TransportOptions options);
std::shared_ptr<Transport> make_websocket_transport(std::shared_ptr<Connections> connections, TransportOptions options);

}  // namespace jina::client
