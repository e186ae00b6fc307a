#include "colocation/local_hosts.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <chrono>
#include <thread>
#include <utility>

#include "base/droppable_io.hpp"

namespace jina::colocation {

struct LocalHosts::OwnThread {
  DroppableIo io;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{io.get_executor()};
  std::thread thread{};
};

LocalHosts::LocalHosts() = default;
LocalHosts::~LocalHosts() { close(); }

Result<std::unique_ptr<LocalHosts>> LocalHosts::make(const std::vector<LocalExecutor>& executors, const TracerProvider& tracing,
                                                     boost::asio::io_context* io,
                                                     const std::shared_ptr<metrics::Registry>& metrics) {
  std::unique_ptr<LocalHosts> hosts(new LocalHosts);
  if (io == nullptr) {
    hosts->own_ = std::make_unique<OwnThread>();
    io = &hosts->own_->io;
  }
  hosts->io_ = io;
  for (const LocalExecutor& executor : executors)
    if (Status status = hosts->add(executor, tracing, metrics); !status.ok())
      return Status{status.code, "colocated Executor '" + executor.deployment() + "': " + status.message};
  io->restart();  // warming up may have been its only work until now
  hosts->ask_later();
  if (hosts->own_) hosts->own_->thread = std::thread([io] { io->run(); });
  return hosts;
}

Status LocalHosts::add(const LocalExecutor& executor, const TracerProvider& tracing,
                       const std::shared_ptr<metrics::Registry>& metrics) {
  Deployment deployment;
  deployment.name = executor.deployment();
  for (int number = 0; number < std::max(executor.replicas, 1); ++number) {
    Result<std::unique_ptr<Executor>> object = executor.make();
    if (!object) return std::move(object).error();
    ExecutorRuntimeArgs args = executor.options.runtime_args;
    args.name = deployment.name + "/rep-" + std::to_string(number);
    args.replica_id = number;
    args.replicas = std::max(executor.replicas, 1);
    ExecutorNames names{deployment.name, args.name, executor.options.uses};
    const Tracer tracer = tracing.tracer(args.name);
    Replica replica;
    replica.host = std::make_unique<ExecutorHost>(*io_, std::move(*object), std::move(names), std::move(args),
                                                  executor.options.max_waiting, tracer);
    replica.host->keep_documents();
    replica.host->measure(metrics);
    if (Status status = replica.host->setup(executor.options.endpoints); !status.ok()) return status;
    if (Status status = replica.host->warm_up(); !status.ok()) return status;
    replica.handler = std::make_unique<ExecutorHandler>(*replica.host);
    deployment.replicas.push_back(std::move(replica));
  }
  if (!deployments_.emplace(executor.deployment(), std::move(deployment)).second)
    return {StatusCode::kInvalidArgument, "there are two of this name"};
  return {};
}

LocalHosts::Replica& LocalHosts::Deployment::pick() noexcept {
  if (replicas.size() == 1) return replicas.front();
  return *std::min_element(replicas.begin(), replicas.end(),
                           [](const Replica& a, const Replica& b) { return a.host->in_flight() < b.host->in_flight(); });
}

LocalHosts::Deployment* LocalHosts::find(std::string_view deployment) noexcept {
  const auto found = deployments_.find(deployment);
  return found == deployments_.end() ? nullptr : &found->second;
}

std::vector<std::string> LocalHosts::names() const {
  std::vector<std::string> names;
  for (const auto& [name, deployment] : deployments_) names.push_back(name);
  return names;
}

void LocalHosts::watch_health(std::function<void(bool well)> changed) {
  auto add = [this, changed = std::move(changed)]() mutable {
    if (!well_) changed(false);
    watchers_.push_back(std::move(changed));
  };
  if (own_) return boost::asio::post(*io_, std::move(add));  // its thread may be asking them now
  add();
}

void LocalHosts::ask_later() {
  if (!next_question_) next_question_.emplace(*io_);
  next_question_->expires_after(std::chrono::seconds(1));
  next_question_->async_wait([this](const boost::system::error_code& error) {
    if (error) return;
    if (const bool well = all_well(); well != well_) {
      well_ = well;
      for (const auto& changed : watchers_) changed(well);
    }
    ask_later();
  });
}

bool LocalHosts::all_well() {
  bool well = true;
  for (auto& [name, deployment] : deployments_)
    for (Replica& replica : deployment.replicas) {
      const Status status = replica.host->health();
      if (status.ok()) continue;
      well = false;
      if (well_) spdlog::warn("{} is not well: {}; the gateway is not ready", replica.host->names().pod, status.message);
    }
  if (well && !well_) spdlog::info("all Executors in this process are well again");
  return well;
}

void LocalHosts::stop_waiting() {
  boost::asio::post(*io_, [this] {
    for (auto& [name, deployment] : deployments_)
      for (Replica& replica : deployment.replicas) replica.host->stop_waiting();
  });
}

void LocalHosts::close() {
  if (own_ && own_->thread.joinable()) {
    own_->work.reset();
    own_->io.stop();
    own_->thread.join();
  }
  next_question_.reset();
  for (auto& [name, deployment] : deployments_)
    for (Replica& replica : deployment.replicas)
      if (replica.host) replica.host->close();
  // Coroutines that still wait refer to the Executors; no thread of theirs posts any more.
  if (own_) own_->io.drop_handlers();
}

}  // namespace jina::colocation
