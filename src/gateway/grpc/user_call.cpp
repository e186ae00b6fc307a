#include "gateway/grpc/user_call.hpp"

#include <spdlog/spdlog.h>

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include "base/await_callback.hpp"
#include "base/ids.hpp"
#include "jina/streamer.hpp"
#include "protocol/grpc/metadata.hpp"
#include "protocol/http/syntax.hpp"
#include "protocol/http2/stream.hpp"

namespace jina::gateway {
namespace {

[[noreturn]] void throw_cancelled() { throw boost::system::system_error(boost::asio::error::operation_aborted); }

Status cancelled_status(CancelReason reason) {
  if (reason == CancelReason::kDeadline) return {StatusCode::kDeadlineExceeded, "Deadline Exceeded"};
  return {StatusCode::kCancelled, "cancelled (" + std::string(to_string(reason)) + ")"};
}

Status hidden(const std::string& path, const std::string& what) {
  const std::string id = random_id();
  spdlog::error("{}: error {}: {}", path, id, what);
  return {StatusCode::kInternal, "internal error " + id + ": the server's log has it under this id"};
}

// Without what would break the call for its client: names that are gRPC's own, and characters that a header can not carry.
Metadata sendable(const std::string& path, Metadata metadata) {
  std::erase_if(metadata, [&](const auto& entry) {
    const auto& [name, value] = entry;
    // Values of names in -bin are sent as base64.
    if (!grpc::is_reserved(name) && http::is_token(name) && (name.ends_with("-bin") || http::is_field_value(value))) return false;
    spdlog::error("{}: metadata '{}' left out: its name is reserved, or name or value have characters that can not be sent", path,
                  name);
    return true;
  });
  return metadata;
}

}  // namespace

boost::asio::cancellation_slot UserCall::cancellation_slot() {
  registration_ = context().on_cancel([this](CancelReason) {
    const auto keep = shared_from_this();  // the handler may end in here
    signal_.emit(boost::asio::cancellation_type::terminal);
    wake(reader_);
    wake(writer_);
  });
  return signal_.slot();
}

void UserCall::send_initial_metadata(Metadata metadata) {
  call_->send_initial_metadata(sendable(call_->path(), std::move(metadata)));
}

Task<void> UserCall::wait(Waiter& waiter) {
  const auto start = [&waiter](Waiter done) { waiter = std::move(done); };
  co_await await_callback<bool>(start);
}

void UserCall::wake(Waiter& waiter) {
  if (waiter) std::exchange(waiter, nullptr)(true);
}

Task<std::optional<Bytes>> UserCall::read() {
  if (context().cancelled()) throw_cancelled();
  call_->read([weak = weak_from_this()](std::optional<Buffer> message) {
    const auto self = weak.lock();
    if (!self) return;
    self->arrived_.emplace(std::move(message));
    wake(self->reader_);
  });
  if (!arrived_) co_await wait(reader_);
  // The end of a call that was cut looks like the end of its messages; nobody may take it for that.
  if (context().cancelled() || !arrived_) throw_cancelled();
  const std::optional<Buffer> message = *std::exchange(arrived_, std::nullopt);
  if (!message) co_return std::nullopt;
  co_return message->flatten();
}

Task<void> UserCall::write(Bytes message) {
  if (context().cancelled() || !call_->write(Buffer(std::move(message)))) throw_cancelled();
  if (call_->queued_bytes() <= http2::Stream::kHighWater) co_return;
  call_->when_writable([weak = weak_from_this()] {
    if (const auto self = weak.lock()) wake(self->writer_);
  });
  co_await wait(writer_);
  if (context().cancelled()) throw_cancelled();
}

void UserCall::succeed(const Bytes* message) {
  registration_.reset();
  Metadata trailing = sendable(call_->path(), std::move(trailing_));
  if (message == nullptr) return call_->finish({}, std::move(trailing));
  call_->reply({}, Buffer(*message), std::move(trailing));
}

void UserCall::fail(const std::exception_ptr& thrown) {
  registration_.reset();
  Status status;
  try {
    std::rethrow_exception(thrown);
  } catch (const GrpcError& error) {
    status = error.status();
    trailing_.insert(trailing_.end(), error.trailing().begin(), error.trailing().end());
  } catch (const RequestFailed& error) {
    status = error.status();
  } catch (const std::exception& error) {
    if (context().cancelled()) {
      status = cancelled_status(context().cancel_reason());
    } else {
      status = hidden(call_->path(), detail::readable_type(typeid(error).name()) + ": " + error.what());
    }
  } catch (...) {
    status = hidden(call_->path(), "something was thrown that is no std::exception");
  }
  call_->finish(std::move(status), sendable(call_->path(), std::move(trailing_)));
}

}  // namespace jina::gateway
