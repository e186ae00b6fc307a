#include "executor/executor_host.hpp"

#include <cxxabi.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <cstdlib>
#include <typeinfo>

namespace jina {
namespace {

std::string type_name(const std::exception& error) {
  int status = 0;
  char* demangled = abi::__cxa_demangle(typeid(error).name(), nullptr, nullptr, &status);
  std::string name = status == 0 && demangled != nullptr ? demangled : typeid(error).name();
  std::free(demangled);
  return name;
}

EndpointFailure describe(const std::exception_ptr& pointer) {
  try {
    std::rethrow_exception(pointer);
  } catch (const std::exception& error) {
    EndpointFailure failure{type_name(error), error.what(), {}};
    failure.description = failure.name + "('" + failure.message + "')";
    return failure;
  } catch (...) {
    return {"unknown", "an exception that is no std::exception", "unknown('an exception that is no std::exception')"};
  }
}

}  // namespace

ExecutorHost::ExecutorHost(boost::asio::io_context& io, std::unique_ptr<Executor> executor, std::string class_name, ExecutorRuntimeArgs args)
    : io_(io), executor_(std::move(executor)), class_name_(std::move(class_name)) {
  executor_->runtime_args_ = std::move(args);
}

ExecutorHost::~ExecutorHost() { close(); }

Status ExecutorHost::setup() {
  try {
    executor_->setup(endpoints_);
    return {};
  } catch (const std::exception& error) {
    return {StatusCode::kFailedPrecondition, class_name_ + "::setup failed: " + error.what()};
  }
}

void ExecutorHost::close() {
  if (closed_) return;
  closed_ = true;
  worker_.join();
  executor_->close();
}

void ExecutorHost::run(const Endpoint& endpoint, std::shared_ptr<EndpointCall> call, Done done) {
  if (endpoint.coroutine) {
    boost::asio::co_spawn(io_, endpoint.coroutine(*executor_, *call), [call, done = std::move(done)](std::exception_ptr error) mutable {
      done(std::move(call), error ? std::optional(describe(error)) : std::nullopt);
    });
    return;
  }
  // The I/O thread must not run out of work while the answer is being made elsewhere.
  auto work = boost::asio::make_work_guard(io_);
  boost::asio::post(worker_, [this, &endpoint, call = std::move(call), done = std::move(done), work = std::move(work)]() mutable {
    std::optional<EndpointFailure> failure;
    try {
      endpoint.plain(*executor_, *call);
    } catch (...) {
      failure = describe(std::current_exception());
    }
    boost::asio::post(io_, [call = std::move(call), done = std::move(done), failure = std::move(failure)]() mutable {
      done(std::move(call), std::move(failure));
    });
  });
}

}  // namespace jina
