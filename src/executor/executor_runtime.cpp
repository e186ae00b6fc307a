#include "executor/executor_runtime.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include "executor/executor_handler.hpp"
#include "executor/executor_host.hpp"
#include "protocol/grpc/health.hpp"

namespace jina {

struct ExecutorRuntime::Impl {
  explicit Impl(ExecutorOptions with) : options(std::move(with)) {}

  ExecutorOptions options;
  boost::asio::io_context io{1};
  std::unique_ptr<ExecutorHost> host;
  std::unique_ptr<ExecutorHandler> handler;
  std::shared_ptr<grpc::HealthState> health = std::make_shared<grpc::HealthState>(grpc::jina_service_names());
  grpc::ServiceTable table;
  std::unique_ptr<protocol::Server> server;
  std::uint16_t port = 0;

  Status start(const Registry& registry) {
    const Registry::ExecutorFactory* factory = registry.find_executor(options.uses);
    if (factory == nullptr) {
      std::string known;
      for (const std::string& name : registry.executor_names()) known += (known.empty() ? "" : ", ") + name;
      return {StatusCode::kNotFound, "there is no Executor class '" + options.uses + "'; registered are: " + (known.empty() ? "none" : known) +
                                         ". Name the module that has it with --py-modules"};
    }
    try {
      host = std::make_unique<ExecutorHost>(io, (*factory)(options.uses_with), options.uses, options.runtime_args);
    } catch (const std::exception& error) {
      return {StatusCode::kFailedPrecondition, "constructing Executor '" + options.uses + "' failed: " + error.what()};
    }
    if (Status status = host->setup(); !status.ok()) return status;
    handler = std::make_unique<ExecutorHandler>(*host, options.deployment);
    grpc::add_jina_services(table, *handler);
    grpc::add_health_service(table, health);
    grpc::add_reflection_service(table, grpc::jina_service_names());
    protocol::ServerOptions with;
    with.host = options.host;
    with.port = options.port;
    with.tls = options.tls;
    server = std::make_unique<protocol::Server>(io, with, &table, nullptr);
    Result<std::uint16_t> bound = server->listen();
    if (!bound) return std::move(bound).error();
    port = *bound;
    health->set_serving(true);
    return {};
  }
};

ExecutorRuntime::ExecutorRuntime(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ExecutorRuntime::~ExecutorRuntime() = default;

Result<std::unique_ptr<ExecutorRuntime>> ExecutorRuntime::start(ExecutorOptions options, const Registry& registry) {
  auto impl = std::make_unique<Impl>(std::move(options));
  if (Status status = impl->start(registry); !status.ok()) return status;
  return std::unique_ptr<ExecutorRuntime>(new ExecutorRuntime(std::move(impl)));
}

std::uint16_t ExecutorRuntime::port() const noexcept { return impl_->port; }

void ExecutorRuntime::run() {
  impl_->io.run();
  impl_->host->close();
}

void ExecutorRuntime::stop() {
  boost::asio::post(impl_->io, [impl = impl_.get()] {
    impl->health->set_serving(false);
    impl->server->stop(impl->options.grace, [impl] { impl->io.stop(); });
  });
}

}  // namespace jina
