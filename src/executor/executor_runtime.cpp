#include "executor/executor_runtime.hpp"

#include <spdlog/spdlog.h>

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

#include "executor/executor_handler.hpp"
#include "executor/executor_host.hpp"
#include "protocol/grpc/health.hpp"

namespace jina {

struct ExecutorRuntime::Impl {
  explicit Impl(ExecutorOptions with) : options(std::move(with)) {}

  Status start(const Registry& registry) {
    Result<std::unique_ptr<Executor>> executor = registry.make<Executor>(options.uses, options.uses_with);
    if (!executor) return std::move(executor).error();
    host = std::make_unique<ExecutorHost>(
        io, std::move(*executor), ExecutorNames{options.deployment, options.runtime_args.name, options.uses}, options.runtime_args,
        options.max_waiting, options.tracing.tracer(options.runtime_args.name));
    if (Status status = host->setup(); !status.ok()) return status;
    handler = std::make_unique<ExecutorHandler>(*host);
    grpc::add_jina_services(table, *handler);
    grpc::add_health_service(table, health);
    grpc::add_reflection_service(table, grpc::jina_service_names());
    protocol::ServerOptions with;
    with.host = options.host;
    with.port = options.port;
    with.tls = options.tls;
    with.tracer = host->tracer();
    server = std::make_unique<protocol::Server>(io, with, &table, nullptr);
    Result<std::uint16_t> bound = server->listen();
    if (!bound) return std::move(bound).error();
    port = *bound;
    health->set_serving(true);
    return {};
  }

  // In this order: nobody is sent here any more, running requests end, what is left is cut, then the last function returned.
  void stop() {
    if (stopping) return;
    stopping = true;
    health->stop();
    server->stop(options.grace, [this] {
      if (host->in_flight() > 0) spdlog::info("{}: waiting for {} running requests", options.runtime_args.name, host->in_flight());
      host->when_idle([this] { io.stop(); });
    });
  }

  ExecutorOptions options;
  boost::asio::io_context io{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{io.get_executor()};
  std::shared_ptr<grpc::HealthState> health = std::make_shared<grpc::HealthState>(grpc::jina_service_names());
  std::unique_ptr<ExecutorHost> host;
  std::unique_ptr<ExecutorHandler> handler;
  grpc::ServiceTable table;
  std::unique_ptr<protocol::Server> server;
  std::uint16_t port = 0;
  bool stopping = false;
};

ExecutorRuntime::ExecutorRuntime(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ExecutorRuntime::~ExecutorRuntime() = default;

Result<std::unique_ptr<ExecutorRuntime>> ExecutorRuntime::start(ExecutorOptions options, const Registry& registry) {
  auto impl = std::make_unique<Impl>(std::move(options));
  if (Status status = impl->start(registry); !status.ok()) return status;
  return std::unique_ptr<ExecutorRuntime>(new ExecutorRuntime(std::move(impl)));
}

std::uint16_t ExecutorRuntime::port() const noexcept { return impl_->port; }
boost::asio::io_context& ExecutorRuntime::io() noexcept { return impl_->io; }

void ExecutorRuntime::run() {
  impl_->io.run();
  impl_->host->close();
}

void ExecutorRuntime::stop() {
  boost::asio::post(impl_->io, [impl = impl_.get()] { impl->stop(); });
}

Status run_executor(ExecutorOptions options, const Registry& registry, const std::function<void(ExecutorRuntime&)>& on_ready) {
  Result<std::unique_ptr<ExecutorRuntime>> runtime = ExecutorRuntime::start(std::move(options), registry);
  if (!runtime) return std::move(runtime).error();
  if (on_ready) on_ready(**runtime);
  (*runtime)->run();
  return {};
}

}  // namespace jina
