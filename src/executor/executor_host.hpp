// ExecutorHost: the user's Executor with its endpoint table and the thread that its plain functions run on.
//
// Thread: run() and its completion belong to the I/O thread; plain endpoints run one at a time on the worker thread, coroutines on
// the I/O thread. Lifetime: close() after the last completion. Cancellation: the call's context; nothing is killed.
#pragma once
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <memory>
#include <optional>
#include <string>

#include "base/unique_function.hpp"
#include "jina/executor.hpp"
#include "jina/status.hpp"

namespace jina {

/// How an endpoint failed, in the terms of StatusProto.exception.
struct EndpointFailure {
  std::string name;         ///< type of the exception
  std::string message;      ///< its what()
  std::string description;  ///< "Type('message')", as Python prints one
};

class ExecutorHost {
 public:
  ExecutorHost(boost::asio::io_context& io, std::unique_ptr<Executor> executor, std::string class_name, ExecutorRuntimeArgs args);
  ~ExecutorHost();

  /// Lets the Executor fill its table. FAILED_PRECONDITION with the exception's text when it throws.
  Status setup();
  void close();

  const Endpoints& endpoints() const noexcept { return endpoints_; }
  const std::string& class_name() const noexcept { return class_name_; }
  const ExecutorRuntimeArgs& args() const noexcept { return executor_->runtime_args(); }

  using Done = UniqueFunction<void(std::shared_ptr<EndpointCall>, std::optional<EndpointFailure>)>;
  /// Runs `endpoint`; `done` gets the call back, exactly once.
  void run(const Endpoint& endpoint, std::shared_ptr<EndpointCall> call, Done done);

 private:
  boost::asio::io_context& io_;
  std::unique_ptr<Executor> executor_;
  std::string class_name_;
  Endpoints endpoints_;
  boost::asio::thread_pool worker_{1};
  bool closed_ = false;
};

}  // namespace jina
