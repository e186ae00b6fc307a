// gRPC over HTTP/2, server side: ServerCall is one RPC, ServiceTable says which path is served by what.
//
// Two styles of handler: a unary handler gets the whole request message and answers through the call's reply(); a stream
// handler drives the call itself. Neither is a coroutine, so the fast path allocates one object per RPC.
//
// Thread: a call lives on the I/O thread of its connection; every member is called there.
// Lifetime: shared; a call outlives its connection if somebody still holds it, its writes are then ignored.
// Cancellation: RST_STREAM, a lost connection and the client's deadline cancel context() with the matching reason.
#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/buffer.hpp"
#include "jina/request_context.hpp"
#include "jina/status.hpp"
#include "protocol/request_handler.hpp"

namespace jina::grpc {

enum class Compression : std::uint8_t { kIdentity, kDeflate, kGzip };

class ServerCall : public protocol::RequestStream, public std::enable_shared_from_this<ServerCall> {
 public:
  virtual RequestContext& context() noexcept = 0;
  /// Of the call's I/O thread.
  virtual boost::asio::any_io_executor executor() = 0;
  /// "/package.Service/method".
  virtual const std::string& path() const noexcept = 0;
  /// Sends initial metadata now; without it they go, empty, with the first message.
  virtual void send_initial_metadata(Metadata metadata) = 0;
  /// Compression of the messages sent from now on, if the client accepts it; none by default.
  virtual void set_compression(Compression compression) = 0;
  /// One message and the status in one go (status only when it is not OK). Nothing may be called afterwards.
  virtual void reply(Status status, Buffer message, Metadata trailing) = 0;
};

using UnaryHandler = std::function<void(std::shared_ptr<ServerCall>, Buffer request)>;
using StreamHandler = std::function<void(std::shared_ptr<ServerCall>)>;

/// Path -> handler. Filled before the server starts, constant afterwards; one table per I/O thread.
class ServiceTable {
 public:
  struct Method {
    UnaryHandler unary;  ///< exactly one of the two is set
    StreamHandler stream;
  };
  /// `path` is "/package.Service/method". Throws std::logic_error when the path is there already.
  void add_unary(std::string path, UnaryHandler handler);
  void add_stream(std::string path, StreamHandler handler);
  const Method* find(std::string_view path) const noexcept;

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>{}(text); }
  };
  std::unordered_map<std::string, Method, Hash, std::equal_to<>> methods_;
};

/// Adds the gRPC services of a Jina runtime, bound to `handler` (which must outlive the table's use).
void add_jina_services(ServiceTable& table, protocol::RequestHandler& handler);

/// The standard health service (Check and Watch) over `health`, which all threads of a server share.
class HealthState;
void add_health_service(ServiceTable& table, std::shared_ptr<HealthState> health);

/// Reflection v1alpha and v1. list_services answers `service_names` exactly; descriptors come from the linked .proto files.
void add_reflection_service(ServiceTable& table, std::vector<std::string> service_names);
/// The eight names that every Jina server lists, whether it serves them or not (wire facts, section 2).
std::vector<std::string> jina_service_names();

}  // namespace jina::grpc
