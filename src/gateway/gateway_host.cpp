#include "gateway/gateway_host.hpp"

#include <spdlog/spdlog.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/json/value_from.hpp>

#include "base/droppable_io.hpp"
#include "base/io_watchdog.hpp"
#include "gateway/gateway_core.hpp"
#include "gateway/gateway_life.hpp"
#include "gateway/injected.hpp"
#include "gateway/streamer_environment.hpp"
#include "listener/acceptor.hpp"

namespace jina::gateway {

using namespace std::chrono_literals;

namespace {

// A limit on the I/O thread has this long to act before the watchdog does, which can only end the process.
constexpr auto kSlack = 2s;

}  // namespace

struct GatewayHost::Impl {
  explicit Impl(HostOptions with) : options(std::move(with)), hard_limit(io) {
    who = "Gateway '" + options.uses + "'" + (options.source.empty() ? "" : " (" + options.source + ")");
  }

  // What user code left behind goes while all that it may refer to is still there.
  ~Impl() {
    // No other thread may post while handlers are dropped.
    watchdog.stop_probing();
    if (core) {
      core->refuse_calls();
      core->workers()->detach();
    }
    io.drop_handlers();
    if (core) join_workers();
    if (hosts) close_hosts();
    life.reset();
    object.reset();
  }

  // A handler on a worker thread is a member of the object, and cannot be cut short. It no longer waits for answers of Executors:
  // that ended with the handlers.
  void join_workers() {
    expect_by(std::chrono::steady_clock::now() + kSlack, "a handler of a .blocking() route did not return");
    core->workers()->join();
    watchdog.disarm();
    io.drop_handlers();  // the coroutines that waited for it
  }

  // The same for functions of Executors in this process.
  void close_hosts() {
    expect_by(std::chrono::steady_clock::now() + kSlack, "a function of an Executor in this process did not return");
    hosts->close();
    watchdog.disarm();
    io.drop_handlers();
  }

  Status start(const Registry& registry) {
    if (options.gateway.ssl_certfile.empty() != options.gateway.ssl_keyfile.empty())
      return {StatusCode::kInvalidArgument, "TLS needs both --ssl-certfile and --ssl-keyfile; only one of them is given"};
    if (Status status = check_ports(); !status.ok()) return status;
    Result<std::shared_ptr<const topology::TopologyGraph>> graph = build_graph(options.gateway);
    if (!graph) return std::move(graph).error();
    if (!options.gateway.colocated.empty()) {
      auto local = colocation::LocalHosts::make(options.gateway.colocated, options.gateway.tracing, &io, options.gateway.metrics);
      if (!local) return std::move(local).error();
      hosts = std::move(*local);
    }
    Result<std::unique_ptr<GatewayCore>> made = GatewayCore::make(io, options.gateway, std::move(*graph), hosts.get());
    if (!made) return std::move(made).error();
    core = std::move(*made);
    export_streamer_arguments(options.gateway);
    if (options.timeout_ready > 0ms) {
      ends_at = std::chrono::steady_clock::now() + options.timeout_ready;
      expect_by(ends_at + kSlack, "its constructor or setup_server() blocks and did not end within --timeout-ready");
    }
    if (Status status = make_object(registry); !status.ok()) return status;
    LifeLimits limits;
    limits.grace = options.gateway.drain_delay + options.gateway.grace;
    limits.setup = options.timeout_ready;
    // What the constructor took is gone, but a limit that is over still has to be one.
    if (limits.setup > 0ms)
      limits.setup =
          std::max(1ms, std::chrono::duration_cast<std::chrono::milliseconds>(ends_at - std::chrono::steady_clock::now()));
    life = std::make_unique<GatewayLife>(io, *object, who, limits, watchdog);
    return {};
  }

  // A user's server may tell little about a port that is taken, and nothing about the one it chose.
  Status check_ports() {
    for (std::uint16_t& port : options.gateway.ports) {
      Result<std::uint16_t> free = net::probe_port(io, options.gateway.host, port);
      if (!free) return {free.error().code, who + ": " + free.error().message};
      port = *free;
    }
    options.all_arguments["port"] = boost::json::value_from(options.gateway.ports);
    return {};
  }

  Status make_object(const Registry& registry) {
    auto injected = std::make_shared<Gateway::Injected>();
    injected->args.name = options.gateway.name;
    injected->args.host = options.gateway.host;
    injected->args.ports = options.gateway.ports;
    for (const Protocol protocol : options.gateway.protocols) injected->args.protocols.emplace_back(to_string(protocol));
    injected->args.tracing = options.gateway.tracing.enabled();
    injected->args.all = options.all_arguments;
    injected->provider = &options.gateway.tracing;
    injected->tracer = injected->provider->tracer(options.uses);
    injected->metrics = Metrics(options.gateway.metrics);
    injected->core = core.get();
    injected->io = &io;
    Gateway::Injected::next = std::move(injected);
    Result<std::unique_ptr<Gateway>> made = registry.make<Gateway>(options.uses, options.uses_with);
    Gateway::Injected::next.reset();
    if (made) {
      object = std::move(*made);
      return {};
    }
    return std::move(made).error();
  }

  void expect_by(SteadyTime at, const std::string& what) {
    watchdog.expect_by(at, [this, what] {
      const Status status{StatusCode::kDeadlineExceeded, who + ": " + what + "; its thread can not be ended in order"};
      if (options.on_stuck) return options.on_stuck(status);
      spdlog::error("{}", status.message);
    });
  }

  Status run() {
    boost::asio::post(io, [this] {
      life->start(
          [this] {
            watchdog.disarm();
            if (options.on_ready) options.on_ready(options.gateway.ports);
          },
          [this](Status status) { life_ended(std::move(status)); });
    });
    watchdog.start();
    while (!io.stopped()) {
      try {
        io.run();
      } catch (const std::exception& error) {
        spdlog::error("{}: an exception left a callback on the I/O thread: {}", who, error.what());
      } catch (...) {
        spdlog::error("{}: something that is no std::exception left a callback on the I/O thread", who);
      }
    }
    return result;
  }

  void life_ended(Status status) {
    result = std::move(status);
    watchdog.disarm();
    // What user code still waits for gets the grace time, as the clients of a server do; then it fails.
    core->stop(options.gateway.grace, [this] { refuse_calls(); });
    within(options.gateway.grace, [this] {
      core->cut();
      within(1s, [this] { io.stop(); });
    });
  }

  // The connections are closed. What other threads have posted until now fails on them; nobody can post any more.
  void refuse_calls() {
    core->refuse_calls();
    boost::asio::post(io, [this] { core->stop(0ms, [this] { io.stop(); }); });
  }

  void within(std::chrono::milliseconds limit, std::function<void()> late) {
    hard_limit.expires_after(limit);
    hard_limit.async_wait([late = std::move(late)](const boost::system::error_code& error) {
      if (!error) late();
    });
  }

  void stop() {
    // Not on the I/O thread only: where that is blocked, the watchdog has to end the process.
    expect_by(std::chrono::steady_clock::now() + options.gateway.drain_delay + options.gateway.grace + 2 * kSlack,
              "it was told to stop, but its I/O thread is blocked");
    boost::asio::post(io, [this] {
      if (hosts) hosts->stop_waiting();
      life->stop();
    });
  }

  HostOptions options;
  std::string who;
  DroppableIo io;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{io.get_executor()};
  SteadyTime ends_at{};
  std::unique_ptr<colocation::LocalHosts> hosts;  // null: every Executor has an address
  std::unique_ptr<GatewayCore> core;
  std::unique_ptr<Gateway> object;
  IoWatchdog watchdog{io, options.blocked_limit, [](const std::string& what, const std::string& advice) {
                        spdlog::warn("{} for more than a second; nothing else is served meanwhile: {}", what, advice);
                      }};
  std::unique_ptr<GatewayLife> life;
  boost::asio::steady_timer hard_limit;
  Status result;
};

GatewayHost::GatewayHost(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
GatewayHost::~GatewayHost() = default;

Result<std::unique_ptr<GatewayHost>> GatewayHost::start(HostOptions options, const Registry& registry) {
  auto impl = std::make_unique<Impl>(std::move(options));
  if (Status status = impl->start(registry); !status.ok()) return status;
  return std::unique_ptr<GatewayHost>(new GatewayHost(std::move(impl)));
}

Status GatewayHost::run() { return impl_->run(); }
void GatewayHost::stop() { impl_->stop(); }

}  // namespace jina::gateway
