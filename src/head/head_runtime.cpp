#include "head/head_runtime.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

#include "base/droppable_io.hpp"
#include "head/head_handler.hpp"
#include "protocol/grpc/health.hpp"

namespace jina::head {

struct HeadRuntime::Impl {
  explicit Impl(HeadOptions with) : options(std::move(with)) {}
  ~Impl() { io.drop_handlers(); }  // while all that they refer to is there

  Status start() {
    Result<Polling> polling = Polling::parse(options.polling);
    if (!polling) return std::move(polling).error();
    Result<std::unique_ptr<Shards>> made = Shards::make(io, options);
    if (!made) return std::move(made).error();
    shards = std::move(*made);
    if (options.metrics) metrics = std::make_unique<metrics::RequestMetrics>(*options.metrics, options.name);
    handler = std::make_unique<HeadHandler>(*shards, std::move(*polling), options.reduce, metrics.get());
    grpc::add_jina_services(table, *handler);
    grpc::add_health_service(table, health);
    grpc::add_reflection_service(table, grpc::jina_service_names());
    protocol::ServerOptions with;
    with.host = options.host;
    with.port = options.port;
    with.tls = options.tls;
    with.local_twin = true;
    with.tracer = options.tracing.tracer(options.name);
    server = std::make_unique<protocol::Server>(io, with, &table, nullptr);
    Result<std::uint16_t> bound = server->listen();
    if (!bound) return std::move(bound).error();
    port = *bound;
    health->set_serving(true);
    return {};
  }

  void stop() {
    if (stopping) return;
    stopping = true;
    health->stop();
    server->stop(options.grace, [this] {
      shards->pool().close();
      io.stop();
    });
  }

  HeadOptions options;
  DroppableIo io;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{io.get_executor()};
  std::shared_ptr<grpc::HealthState> health = std::make_shared<grpc::HealthState>(grpc::jina_service_names());
  std::unique_ptr<metrics::RequestMetrics> metrics;  // null: monitoring is off; before the streams that the pool still holds
  std::unique_ptr<Shards> shards;
  std::unique_ptr<HeadHandler> handler;
  grpc::ServiceTable table;
  std::unique_ptr<protocol::Server> server;
  std::uint16_t port = 0;
  bool stopping = false;
};

HeadRuntime::HeadRuntime(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
HeadRuntime::~HeadRuntime() = default;

Result<std::unique_ptr<HeadRuntime>> HeadRuntime::start(HeadOptions options) {
  auto impl = std::make_unique<Impl>(std::move(options));
  if (Status status = impl->start(); !status.ok()) return status;
  return std::unique_ptr<HeadRuntime>(new HeadRuntime(std::move(impl)));
}

std::uint16_t HeadRuntime::port() const noexcept { return impl_->port; }
std::size_t HeadRuntime::shards() const noexcept { return impl_->shards->all().size(); }
void HeadRuntime::run() { impl_->io.run(); }
void HeadRuntime::stop() {
  boost::asio::post(impl_->io, [impl = impl_.get()] { impl->stop(); });
}

}  // namespace jina::head
