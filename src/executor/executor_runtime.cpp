#include "executor/executor_runtime.hpp"

#include <spdlog/spdlog.h>

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include "base/droppable_io.hpp"
#include "executor/executor_handler.hpp"
#include "executor/executor_host.hpp"
#include "executor/http/executor_http.hpp"
#include "protocol/grpc/health.hpp"

namespace jina {

struct ExecutorRuntime::Impl {
  explicit Impl(ExecutorOptions with) : options(std::move(with)) {}
  // Coroutines that still wait refer to the Executor; they go while it is there.
  ~Impl() {
    if (host) host->close();
    io.drop_handlers();
  }

  Status start(const Registry& registry) {
    Result<std::unique_ptr<Executor>> executor = registry.make<Executor>(options.uses, options.uses_with);
    if (!executor) return std::move(executor).error();
    host = std::make_unique<ExecutorHost>(
        io, std::move(*executor), ExecutorNames{options.deployment, options.runtime_args.name, options.uses}, options.runtime_args,
        options.max_waiting, options.tracing.tracer(options.runtime_args.name));
    host->measure(options.metrics);
    if (Status status = host->setup(options.endpoints); !status.ok()) return status;
    host->end_on(options.exit_on_exceptions, [this](std::string why) {
      spdlog::error("{} ends: --exit-on-exceptions names what an endpoint threw", options.runtime_args.name);
      end = {StatusCode::kUnavailable, "ended by --exit-on-exceptions: " + why};
      stop();
    });
    if (Status status = host->warm_up(); !status.ok()) return status;
    if (ports.empty()) ports.push_back({options.port});
    for (ExecutorPort& port : ports)
      if (Status status = listen(port); !status.ok()) return status;
    look_at_health();
    return {};
  }

  Status listen(ExecutorPort& port) {
    if (port.grpc && !handler) {
      handler = std::make_unique<ExecutorHandler>(*host);
      grpc::add_jina_services(table, *handler);
      grpc::add_health_service(table, health);
      grpc::add_reflection_service(table, grpc::jina_service_names());
    }
    if (port.http && !web) web = std::make_unique<ExecutorHttp>(*host);
    protocol::ServerOptions with;
    with.host = options.host;
    with.port = port.port;
    with.tls = options.tls;
    with.local_twin = true;
    with.tracer = host->tracer();
    servers.push_back(std::make_unique<protocol::Server>(io, with, port.grpc ? &table : nullptr, port.http ? web.get() : nullptr));
    Result<std::uint16_t> bound = servers.back()->listen();
    if (!bound) {
      servers.pop_back();
      return std::move(bound).error();
    }
    port.port = *bound;
    return {};
  }

  // Now, and every second from now on.
  void look_at_health() {
    const Status status = host->health();
    if (status.ok() != healthy) {
      healthy = status.ok();
      if (healthy)
        spdlog::info("{} is healthy again", options.runtime_args.name);
      else
        spdlog::error("{} is not healthy: {}", options.runtime_args.name, status.message);
    }
    health->set_serving(healthy);
    next_look.expires_after(std::chrono::seconds(1));
    next_look.async_wait([this](const boost::system::error_code& error) {
      if (!error && !stopping) look_at_health();
    });
  }

  // In this order: nobody is sent here any more, running requests end, what is left is cut, then the last function returned.
  void stop() {
    if (stopping) return;
    stopping = true;
    next_look.cancel();
    health->stop();
    host->stop_waiting();
    left_to_stop = servers.size();
    for (const auto& server : servers)
      server->stop(options.grace, [this] {
        if (--left_to_stop > 0) return;
        if (host->in_flight() > 0)
          spdlog::info("{}: waiting for {} running requests", options.runtime_args.name, host->in_flight());
        host->when_idle([this] { io.stop(); });
      });
  }

  ExecutorOptions options;
  DroppableIo io;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{io.get_executor()};
  std::shared_ptr<grpc::HealthState> health = std::make_shared<grpc::HealthState>(grpc::jina_service_names());
  std::unique_ptr<ExecutorHost> host;
  std::unique_ptr<ExecutorHandler> handler;
  grpc::ServiceTable table;
  std::unique_ptr<ExecutorHttp> web;
  std::vector<std::unique_ptr<protocol::Server>> servers;
  std::vector<ExecutorPort> ports = options.ports;
  boost::asio::steady_timer next_look{io};
  Status end;
  std::size_t left_to_stop = 0;
  bool healthy = true;
  bool stopping = false;
};

ExecutorRuntime::ExecutorRuntime(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ExecutorRuntime::~ExecutorRuntime() = default;

Result<std::unique_ptr<ExecutorRuntime>> ExecutorRuntime::start(ExecutorOptions options, const Registry& registry) {
  auto impl = std::make_unique<Impl>(std::move(options));
  if (Status status = impl->start(registry); !status.ok()) return status;
  return std::unique_ptr<ExecutorRuntime>(new ExecutorRuntime(std::move(impl)));
}

const std::vector<ExecutorPort>& ExecutorRuntime::ports() const noexcept { return impl_->ports; }
boost::asio::io_context& ExecutorRuntime::io() noexcept { return impl_->io; }

Status ExecutorRuntime::run() {
  impl_->io.run();
  impl_->host->close();
  return impl_->end;
}

void ExecutorRuntime::stop() {
  boost::asio::post(impl_->io, [impl = impl_.get()] { impl->stop(); });
}

Status run_executor(ExecutorOptions options, const Registry& registry, const std::function<void(ExecutorRuntime&)>& on_ready) {
  Result<std::unique_ptr<ExecutorRuntime>> runtime = ExecutorRuntime::start(std::move(options), registry);
  if (!runtime) return std::move(runtime).error();
  if (on_ready) on_ready(**runtime);
  return (*runtime)->run();
}

}  // namespace jina
