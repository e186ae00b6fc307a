#include "config/environment.hpp"

#include <algorithm>
#include <cstdlib>
#include <stdexcept>

namespace jina::config {
namespace {

constexpr std::string_view kLog = "Log and terminal";
constexpr std::string_view kModules = "Modules";
constexpr std::string_view kFlows = "Flows and streamers";
constexpr std::string_view kExport = "jina export";
constexpr std::string_view kTraces = "Tracing (with --tracing)";
constexpr std::string_view kReported = "Jina's, only reported by GET /status";

constexpr EnvironmentVariable kVariables[] = {
    {kLog, "JINA_LOG_LEVEL", "INFO", "DEBUG, INFO, SUCCESS, WARNING, ERROR or CRITICAL"},
    {kLog, "JINA_LOG_CONFIG", "", "default, json or quiet; wins over --log-config"},
    {kLog, "JINA_LOG_NO_COLOR", "", "set to anything: no colours"},
    {kLog, "NO_COLOR", "", "the same, by the name that many programs know"},
    {kLog, "TERM", "", "no colours when it is 'dumb' or not set"},

    {kModules, "CXX", "g++", "the compiler of .cpp modules, with arguments if need be: 'ccache g++'"},
    {kModules, "PATH", "", "where compiler and pkg-config are looked for"},
    {kModules, "XDG_CACHE_HOME", "~/.cache", "compiled modules go to jina/modules below it"},
    {kModules, "HOME", "the user's", "stands for ~: the module cache, and the workspace of an Executor that was given none"},

    {kFlows, "JINA_PYTHON", "the first on PATH that has Jina", "interpreter with which 'jina flow' starts Executors in Python"},
    {kFlows, "JINA_DEFAULT_HOST", "0.0.0.0", "where the processes of 'jina flow' listen when the YAML does not say"},
    {kFlows, "JINA_RANDOM_PORT_MIN", "the system chooses", "the first of the ports from which 'jina flow' takes free ones"},
    {kFlows, "JINA_RANDOM_PORT_MAX", "65535", "the last of them"},
    {kFlows, "CUDA_VISIBLE_DEVICES", "", "RR, RR1:3, RR0,2: 'jina flow' gives each replica one GPU, going round"},
    {kFlows, "CUDA_TOTAL_DEVICES", "", "how many GPUs there are, where nvidia-smi does not say"},
    {kFlows, "JINA_STREAMER_ARGS", "",
     "the Flow, as JSON: a gateway sets it for the programs that it starts, GatewayStreamer::get_streamer() reads it"},
    {kFlows, "JINA_LOCAL_SOCKETS", "1", "0: no Unix sockets beside the ports of Executors and heads, and none are looked for"},
    {kFlows, "JINA_IN_FLOW", "", "'jina flow' sets it for its processes, whose log lines it gives their names itself"},

    {kExport, "JINA_GATEWAY_IMAGE", "jina:VERSION", "image of gateways and heads, when --base-image does not say"},
    {kExport, "JINA_K8S_ACCESS_MODES", "[\"ReadWriteOnce\"]", "of the volumes, as JSON"},
    {kExport, "JINA_K8S_STORAGE_CLASS_NAME", "standard", "of the volumes"},
    {kExport, "JINA_K8S_STORAGE_CAPACITY", "10G", "of each volume"},

    {kTraces, "OTEL_SDK_DISABLED", "false", "true: no spans, whatever --tracing says"},
    {kTraces, "OTEL_EXPORTER_OTLP_ENDPOINT", "http://localhost:4317",
     "where spans go when --traces-exporter-host and --traces-exporter-port do not say; over HTTP, /v1/traces is added to it"},
    {kTraces, "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "", "the same for spans alone, and whole: nothing is added to it"},
    {kTraces, "OTEL_EXPORTER_OTLP_PROTOCOL", "grpc", "grpc or http/protobuf"},
    {kTraces, "OTEL_EXPORTER_OTLP_INSECURE", "false", "true: no TLS where the endpoint has no scheme"},
    {kTraces, "OTEL_EXPORTER_OTLP_CERTIFICATE", "the system's", "certificates (PEM) that the collector's is checked against"},
    {kTraces, "OTEL_EXPORTER_OTLP_HEADERS", "", "name=value,name=value: sent with every export"},
    {kTraces, "OTEL_EXPORTER_OTLP_COMPRESSION", "none", "gzip or none"},
    {kTraces, "OTEL_EXPORTER_OTLP_TIMEOUT", "10000", "milliseconds for one export"},
    {kTraces, "OTEL_EXPORTER_OTLP_TRACES_*", "",
     "PROTOCOL, INSECURE, CERTIFICATE, HEADERS, COMPRESSION, TIMEOUT: win over those above"},
    {kTraces, "OTEL_TRACES_SAMPLER", "parentbased_always_on",
     "always_on, always_off, traceidratio, or one of them behind parentbased_"},
    {kTraces, "OTEL_TRACES_SAMPLER_ARG", "1", "share of the traces for traceidratio, 0 to 1"},
    {kTraces, "OTEL_BSP_SCHEDULE_DELAY", "5000", "milliseconds between two exports"},
    {kTraces, "OTEL_BSP_MAX_QUEUE_SIZE", "2048", "spans that wait for export; more are dropped and counted"},
    {kTraces, "OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "512", "spans in one export"},
    {kTraces, "OTEL_SERVICE_NAME", "the pod's name", "service.name of the spans"},
    {kTraces, "OTEL_RESOURCE_ATTRIBUTES", "", "key=value,key=value: more attributes of the process"},

    {kReported, "JINA_DEFAULT_TIMEOUT_CTRL", "", "", false},
    {kReported, "JINA_DEPLOYMENT_NAME", "", "", false},
    {kReported, "JINA_DISABLE_UVLOOP", "", "", false},
    {kReported, "JINA_EARLY_STOP", "", "", false},
    {kReported, "JINA_FULL_CLI", "", "", false},
    {kReported, "JINA_GRPC_RECV_BYTES", "", "", false},
    {kReported, "JINA_GRPC_SEND_BYTES", "", "", false},
    {kReported, "JINA_HUB_NO_IMAGE_REBUILD", "", "", false},
    {kReported, "JINA_MP_START_METHOD", "", "", false},
    {kReported, "JINA_OPTOUT_TELEMETRY", "", "", false},
    {kReported, "JINA_LOCKS_ROOT", "", "", false},
};

}  // namespace

std::span<const EnvironmentVariable> environment_variables() noexcept { return kVariables; }

std::string environment_value(std::string_view name) {
  const auto* row = std::find_if(std::begin(kVariables), std::end(kVariables), [&](const auto& each) { return each.name == name; });
  if (row == std::end(kVariables))
    throw std::logic_error("environment_value: " + std::string(name) + " is not in src/config/environment.cpp");
  const char* value = std::getenv(row->name.data());  // a literal: it ends with a zero
  return value == nullptr ? "" : value;
}

}  // namespace jina::config
