// UserCall: one RPC that a handler of the user serves, as the templates of jina/grpc_service.hpp see it.
//
// Thread: the I/O thread of the call. Lifetime: shared, until the handler returned. Cancellation: of the context ends what waits
// here, and, through cancellation_slot(), whatever else the handler awaits.
#pragma once
#include <boost/asio/cancellation_signal.hpp>
#include <exception>
#include <memory>
#include <optional>

#include "base/buffer.hpp"
#include "base/unique_function.hpp"
#include "jina/grpc_service.hpp"
#include "protocol/grpc/server.hpp"

namespace jina::gateway {

class UserCall final : public detail::GrpcCall, public std::enable_shared_from_this<UserCall> {
 public:
  explicit UserCall(std::shared_ptr<grpc::ServerCall> call) : call_(std::move(call)) {}

  RequestContext& context() noexcept override { return call_->context(); }
  Task<std::optional<Bytes>> read() override;
  Task<void> write(Bytes message) override;
  void send_initial_metadata(Metadata metadata) override;
  void add_trailing_metadata(std::string name, std::string value) override {
    trailing_.emplace_back(std::move(name), std::move(value));
  }

  boost::asio::any_io_executor executor() { return call_->executor(); }
  /// Signalled when the call is cancelled.
  boost::asio::cancellation_slot cancellation_slot();

  /// Ends the call. `message` is null when the answer has been written already.
  void succeed(const Bytes* message);
  /// What the handler threw, said to the client as far as that is its business, and to the log.
  void fail(const std::exception_ptr& thrown);

 private:
  using Waiter = UniqueFunction<void(bool)>;
  static Task<void> wait(Waiter& waiter);
  static void wake(Waiter& waiter);

  std::shared_ptr<grpc::ServerCall> call_;
  Metadata trailing_;
  boost::asio::cancellation_signal signal_;
  RequestContext::Registration registration_;
  std::optional<std::optional<Buffer>> arrived_;
  // A handler may read in one coroutine and write in another: each has a place of its own.
  Waiter reader_;
  Waiter writer_;
};

}  // namespace jina::gateway
