#include "exposition/metrics_server.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <thread>

#include "base/droppable_io.hpp"
#include "exposition/metrics_handler.hpp"
#include "protocol/server/server.hpp"

namespace jina::exposition {
namespace {

protocol::ServerOptions server_options(const MetricsServerOptions& options) {
  protocol::ServerOptions with;
  with.host = options.host;
  with.port = options.port;
  with.http_limits.max_body_bytes = 64 * 1024;
  with.max_connections = 100;
  return with;
}

}  // namespace

struct MetricsServer::Impl {
  Impl(std::shared_ptr<const metrics::Registry> registry, const MetricsServerOptions& options)
      : handler(std::move(registry), options.title), server(io, server_options(options), nullptr, &handler) {}

  ~Impl() {
    if (!thread.joinable()) return;
    boost::asio::post(io, [this] { server.stop(std::chrono::milliseconds(0), [this] { io.stop(); }); });
    thread.join();
    io.drop_handlers();
  }

  DroppableIo io;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{io.get_executor()};
  MetricsHandler handler;
  protocol::Server server;
  std::uint16_t port = 0;
  std::thread thread;
};

MetricsServer::MetricsServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
MetricsServer::~MetricsServer() = default;

Result<std::unique_ptr<MetricsServer>> MetricsServer::start(std::shared_ptr<const metrics::Registry> registry,
                                                            MetricsServerOptions options) {
  auto impl = std::make_unique<Impl>(std::move(registry), options);
  Result<std::uint16_t> bound = impl->server.listen();
  if (!bound) return std::move(bound).error();
  impl->port = *bound;
  impl->thread = std::thread([io = &impl->io] { io->run(); });
  return std::unique_ptr<MetricsServer>(new MetricsServer(std::move(impl)));
}

std::uint16_t MetricsServer::port() const noexcept { return impl_->port; }

}  // namespace jina::exposition
