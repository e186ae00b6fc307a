// UserServices: the methods of a GrpcServices on the service table of a server.
//
// Thread: one I/O thread. Lifetime: outlives the servers of its tables, and its own calls: destroy after when_idle().
// Cancellation: a call that is cancelled ends what its handler awaits.
#pragma once
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "base/unique_function.hpp"
#include "jina/grpc_service.hpp"
#include "protocol/grpc/server.hpp"

namespace jina::gateway {

class UserServices {
 public:
  explicit UserServices(GrpcServices services) : services_(std::move(services)) {}
  UserServices(const UserServices&) = delete;
  UserServices& operator=(const UserServices&) = delete;

  /// Throws std::invalid_argument that names a path which is served already: one of Jina's.
  void add_to(grpc::ServiceTable& table);
  /// "package.Service" of each: for reflection and health.
  std::vector<std::string> names() const { return services_.service_names(); }

  /// Handlers that were started and have not returned.
  std::size_t running() const noexcept { return running_; }
  /// Calls back once there is none; at once when that is so already.
  void when_idle(UniqueFunction<void()> idle);

 private:
  void start_plain(const detail::GrpcMethod& method, std::shared_ptr<grpc::ServerCall> call, const Buffer& request);
  void start(const detail::GrpcMethod& method, std::shared_ptr<grpc::ServerCall> call, Buffer request);
  void ended();

  GrpcServices services_;
  std::size_t running_ = 0;
  UniqueFunction<void()> idle_;
};

}  // namespace jina::gateway
