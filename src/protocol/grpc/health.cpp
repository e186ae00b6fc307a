#include "protocol/grpc/health.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>

#include "protocol/grpc/server.hpp"
#include "wire/pb_reader.hpp"

namespace jina::grpc {

HealthState::HealthState(std::vector<std::string> names) : names_(std::move(names)) {}

void HealthState::set_serving(bool serving) { change(serving_, serving); }
void HealthState::set_able(bool able) { change(able_, able); }

void HealthState::change(bool& flag, bool value) {
  const std::lock_guard lock(mutex_);
  const bool before = serving_ && able_;
  flag = value;
  if (stopped_ || before == (serving_ && able_)) return;
  watchers_.remove_if([](UniqueFunction<bool()>& changed) { return !changed(); });
}

void HealthState::stop() {
  std::list<UniqueFunction<bool()>> watchers;
  {
    const std::lock_guard lock(mutex_);
    serving_ = false;
    stopped_ = true;
    watchers.swap(watchers_);
  }
  for (UniqueFunction<bool()>& changed : watchers) changed();
}

bool HealthState::stopped() const {
  const std::lock_guard lock(mutex_);
  return stopped_;
}

std::optional<bool> HealthState::serving(std::string_view name) const {
  const std::lock_guard lock(mutex_);
  if (!name.empty() && std::find(names_.begin(), names_.end(), name) == names_.end()) return std::nullopt;
  return serving_ && able_ && !stopped_;
}

void HealthState::watch(UniqueFunction<bool()> changed) {
  {
    const std::lock_guard lock(mutex_);
    if (!stopped_) return watchers_.push_back(std::move(changed));
  }
  changed();
}

namespace {

// HealthCheckResponse.ServingStatus
constexpr std::uint64_t kServing = 1, kNotServing = 2, kServiceUnknown = 3;

Buffer encode(std::optional<bool> serving) {
  std::string response;
  wire::PbWriter(response).varint(1, !serving ? kServiceUnknown : *serving ? kServing : kNotServing);
  return Buffer::take(std::move(response));
}

// HealthCheckRequest.service
std::optional<std::string> decode(const Buffer& message) {
  const Bytes bytes = message.flatten();
  std::string service;
  wire::PbReader reader(bytes.view());
  while (reader.next())
    if (reader.is(1, wire::WireType::kLengthDelimited)) service = reader.bytes();
  if (reader.failed()) return std::nullopt;
  return service;
}

}  // namespace

void add_health_service(ServiceTable& table, std::shared_ptr<HealthState> health) {
  table.add_unary("/grpc.health.v1.Health/Check", [health](std::shared_ptr<ServerCall> call, Buffer message) {
    const auto service = decode(message);
    if (!service) return call->reply({StatusCode::kInvalidArgument, "not a HealthCheckRequest"}, {}, {});
    const std::optional<bool> serving = health->serving(*service);
    if (!serving) return call->reply({StatusCode::kNotFound, ""}, {}, {});
    call->reply({}, encode(serving), {});
  });
  table.add_unary("/grpc.health.v1.Health/Watch", [health](std::shared_ptr<ServerCall> call, Buffer message) {
    const auto service = decode(message);
    if (!service) return call->reply({StatusCode::kInvalidArgument, "not a HealthCheckRequest"}, {}, {});
    const std::string& name = *service;
    call->write(encode(health->serving(name)));
    // The answer is written on the call's own thread, wherever the change came from. The call is kept by its stream.
    health->watch(
        [weak = std::weak_ptr<ServerCall>(call), executor = call->executor(), health = std::weak_ptr<HealthState>(health), name] {
          if (weak.expired()) return false;
          boost::asio::post(executor, [weak, health, name] {
            const auto call = weak.lock();
            const auto state = health.lock();
            if (!call || !state) return;
            call->write(encode(state->serving(name)));
            if (state->stopped()) call->finish({StatusCode::kUnavailable, "the server stops"}, {});
          });
          return true;
        });
  });
}

}  // namespace jina::grpc
