// ExportOptions: where spans are sent and how, from Jina's arguments and OpenTelemetry's environment variables.
//
// Thread: plain values. Lifetime: own their text. Cancellation: none.
#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "jina/request_context.hpp"
#include "jina/status.hpp"
#include "telemetry/batch_queue.hpp"

namespace jina::otlp {

enum class ExportProtocol : std::uint8_t { kGrpc, kHttpProtobuf };

struct Endpoint {
  bool tls = false;
  bool scheme_named = true;
  std::string host = "localhost";  ///< without brackets
  std::uint16_t port = 0;
  std::string path{};  ///< HTTP only
  std::string url() const;
};

struct ExportOptions {
  ExportProtocol protocol = ExportProtocol::kGrpc;
  Endpoint endpoint{};
  std::string ca_file{};  ///< PEM; empty: the system's roots
  Metadata headers{};
  bool gzip = false;
  std::chrono::milliseconds timeout{10'000};  ///< of one try
  std::chrono::milliseconds delay{5'000};     ///< longest wait for a batch to fill
  std::chrono::milliseconds backoff{1'000};   ///< before the second try; doubled for each further one
  std::chrono::milliseconds longest_backoff{16'000};
  std::chrono::milliseconds give_up{60'000};  ///< from the first try of a batch; it is counted as failed then
  telemetry::Sampler sampler{};
  telemetry::BatchLimits limits{};
  Attributes resource{};
};

/// What `jina gateway` and `jina executor` were told.
struct TracingArguments {
  std::string pod_name{};
  std::string host{};  ///< --traces-exporter-host, may begin with http:// or https://; empty: not given
  std::optional<std::int64_t> port{};
};

/// The value of an environment variable; empty when it is not set.
using Variables = std::function<std::string(const char* name)>;
Variables process_variables();

struct ExportConfiguration {
  ExportOptions options{};
  bool disabled = false;                ///< OTEL_SDK_DISABLED
  std::vector<std::string> warnings{};  ///< values that are wrong but can be done without
};
/// Arguments win over OTEL_EXPORTER_OTLP_TRACES_*, these over OTEL_EXPORTER_OTLP_*. INVALID_ARGUMENT names the one that is wrong
/// and says what to write.
Result<ExportConfiguration> read_export_options(const TracingArguments& arguments, const Variables& variables);

/// service.name, the pod's place in Kubernetes, OTEL_RESOURCE_ATTRIBUTES.
Attributes read_resource(const std::string& pod_name, const Variables& variables, std::vector<std::string>& warnings);

/// "key=value,key=value" with percent-encoded values; nothing when it is malformed.
std::optional<Metadata> read_pairs(std::string_view text);

}  // namespace jina::otlp
