#include "gateway/grpc/user_services.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <stdexcept>

#include "gateway/grpc/user_call.hpp"

namespace jina::gateway {
namespace {

bool takes_one_request(detail::GrpcKind kind) {
  return kind == detail::GrpcKind::kUnary || kind == detail::GrpcKind::kServerStream;
}
bool gives_one_answer(detail::GrpcKind kind) { return kind == detail::GrpcKind::kUnary || kind == detail::GrpcKind::kClientStream; }

}  // namespace

void UserServices::add_to(grpc::ServiceTable& table) {
  for (const detail::GrpcMethod& method : services_.methods()) {
    if (table.find(method.path) != nullptr)
      throw std::invalid_argument("setup_services: this gateway serves " + method.path +
                                  " already; give the method another path, or leave Jina's gRPC services out");
    if (method.plain) {
      table.add_unary(method.path, [this, &method](std::shared_ptr<grpc::ServerCall> call, Buffer request) {
        start_plain(method, std::move(call), request);
      });
    } else if (takes_one_request(method.kind)) {
      table.add_unary(method.path, [this, &method](std::shared_ptr<grpc::ServerCall> call, Buffer request) {
        start(method, std::move(call), std::move(request));
      });
    } else {
      table.add_stream(method.path,
                       [this, &method](std::shared_ptr<grpc::ServerCall> call) { start(method, std::move(call), {}); });
    }
  }
}

void UserServices::start_plain(const detail::GrpcMethod& method, std::shared_ptr<grpc::ServerCall> call, const Buffer& request) {
  const auto running = std::make_shared<UserCall>(std::move(call));
  try {
    const Bytes answer = method.plain(*running, request.flatten());
    running->succeed(&answer);
  } catch (...) {
    running->fail(std::current_exception());
  }
}

void UserServices::start(const detail::GrpcMethod& method, std::shared_ptr<grpc::ServerCall> call, Buffer request) {
  const auto running = std::make_shared<UserCall>(std::move(call));
  ++running_;
  auto finished = [this, running, one_answer = gives_one_answer(method.kind)](const std::exception_ptr& thrown, Bytes answer) {
    if (thrown) {
      running->fail(thrown);
    } else {
      running->succeed(one_answer ? &answer : nullptr);
    }
    ended();
  };
  boost::asio::co_spawn(running->executor(), method.coroutine(*running, request.flatten()),
                        boost::asio::bind_cancellation_slot(running->cancellation_slot(), std::move(finished)));
}

void UserServices::ended() {
  if (--running_ == 0 && idle_) std::exchange(idle_, nullptr)();
}

void UserServices::when_idle(UniqueFunction<void()> idle) {
  if (running_ == 0) return idle();
  idle_ = std::move(idle);
}

}  // namespace jina::gateway
