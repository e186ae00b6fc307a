#include "head/shards.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <charconv>
#include <optional>

namespace jina::head {
namespace {

namespace json = boost::json;

Status wrong_list(const std::string& what) {
  return {StatusCode::kInvalidArgument,
          "connection-list: " + what + "; expected JSON like {\"0\": [\"host:port\"], \"1\": [\"host:port\"]}"};
}

std::optional<unsigned> shard_number(std::string_view text) {
  unsigned number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

Result<std::unique_ptr<Shards>> Shards::make(boost::asio::io_context& io, const HeadOptions& options) {
  if (options.shards.empty()) return wrong_list("it names no shard");
  PoolOptions with;
  std::vector<unsigned> numbers;
  for (const auto& entry : options.shards) {
    const std::optional<unsigned> number = shard_number(entry.key());
    if (!number) return wrong_list("'" + std::string(entry.key()) + "' is not the number of a shard");
    const std::string name = std::to_string(*number);
    if (with.addresses.contains(name)) return wrong_list("shard " + name + " is there twice");
    // Kubernetes hands out one name for all replicas of a shard.
    if (entry.value().is_string()) {
      with.addresses[name] = json::array{entry.value()};
    } else if (entry.value().is_array()) {
      with.addresses[name] = entry.value();
    } else {
      return wrong_list("shard " + name + " is " + json::serialize(entry.value()));
    }
    numbers.push_back(*number);
  }
  if (!options.uses_before.empty()) with.addresses[kUsesBefore] = json::array{json::string(options.uses_before)};
  if (!options.uses_after.empty()) with.addresses[kUsesAfter] = json::array{json::string(options.uses_after)};
  with.timeout_send = options.timeout_send;
  with.retries = options.retries;
  with.compression = options.compression;
  with.tracer = options.tracing.tracer(options.name);
  with.metrics = options.metrics;
  with.runtime_name = options.name;
  with.explain = explain_shard_failure;
  Result<std::unique_ptr<ConnectionPool>> pool = ConnectionPool::make(io, std::move(with));
  if (!pool) return std::move(pool).error();

  std::unique_ptr<Shards> shards(new Shards);
  shards->pool_ = std::move(*pool);
  std::sort(numbers.begin(), numbers.end());
  for (const unsigned number : numbers) shards->names_.push_back(std::to_string(number));
  return shards;
}

bool is_network_failure(StatusCode code) noexcept {
  return code == StatusCode::kUnavailable || code == StatusCode::kDeadlineExceeded || code == StatusCode::kNotFound;
}

Status explain_shard_failure(const Status& status, std::string_view deployment, const TriedReplicas& tried) {
  const std::string set = as_python_set(tried);
  const std::string pod = "worker (Executor) pod at address " + set;
  switch (status.code) {
    case StatusCode::kUnavailable: return {status.code, "|Head: Failed to connect to " + pod + ". It may be down."};
    case StatusCode::kDeadlineExceeded:
      return {status.code, "|Head: Connection to " + pod + " could be established, but timed out."};
    case StatusCode::kNotFound:
      return {status.code, "|Head: Connection to " + pod + " could be established, but resource was not found."};
    default: {
      const bool is_shard = deployment != kUsesBefore && deployment != kUsesAfter;
      return {status.code,
              (is_shard ? "shard " : "") + std::string(deployment) + " at address(es) " + set + " answered " + status.to_string()};
    }
  }
}

}  // namespace jina::head
