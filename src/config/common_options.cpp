// Arguments that several commands share.
#include "config/option_sets.hpp"

namespace jina::config::detail {

namespace json = boost::json;

void add_common(OptionSet& set, json::value name, const char* runtime_class, const char* pod_role) {
  constexpr auto kEssential = "Essential";
  set.add({.names = {"name"}, .help = "name in logs, metrics and routes", .fallback = std::move(name), .group = kEssential});
  set.add(
      {.names = {"workspace"}, .help = "directory for files that are written; the parent's when not given", .group = kEssential});
  set.add({.names = {"log-config"},
           .help = "logging: default, json, quiet, or a YAML file",
           .fallback = "default",
           .group = kEssential});
  set.add({.names = {"quiet"}, .kind = OptionKind::kFlag, .help = "log nothing", .fallback = false, .group = kEssential});
  set.add({.names = {"quiet-error"},
           .kind = OptionKind::kFlag,
           .help = "log errors without stack traces",
           .fallback = false,
           .group = kEssential,
           .effective = false});
  set.add({.names = {"env"}, .kind = OptionKind::kKeyValues, .help = "environment variables of this process", .group = kEssential});
  set.add({.names = {"timeout-ready"},
           .kind = OptionKind::kInteger,
           .help = "milliseconds to become ready; -1 waits forever",
           .fallback = 600000,
           .group = kEssential});
  set.add({.names = {"extra-search-paths"},
           .kind = OptionKind::kTextList,
           .help = "more directories to look for files in",
           .fallback = json::array{},
           .group = kEssential});

  constexpr auto kNetwork = "Network";
  set.add({.names = {"retries"},
           .kind = OptionKind::kInteger,
           .help = "more tries of a call to an Executor; below 0: the number of replicas, at least 3",
           .fallback = -1,
           .group = kNetwork});
  set.add({.names = {"compression"},
           .kind = OptionKind::kChoice,
           .help = "compression of requests to Executors",
           .choices = {std::begin(kCompressions), std::end(kCompressions)},
           .exact_case = true,
           .group = kNetwork});
  set.add({.names = {"timeout-send"},
           .kind = OptionKind::kInteger,
           .help = "milliseconds that one call to an Executor may take; none when not given or -1",
           .group = kNetwork});
  set.add({.names = {"grpc-server-options"},
           .kind = OptionKind::kKeyValues,
           .help = "gRPC server options, grpc.max_receive_message_length ...",
           .group = kNetwork,
           .effective = false});
  set.add({.names = {"grpc-channel-options"},
           .kind = OptionKind::kKeyValues,
           .help = "gRPC channel options",
           .group = kNetwork,
           .effective = false});
  set.add({.names = {"io-threads"},
           .kind = OptionKind::kInteger,
           .help = "I/O threads, each with its own connections; 0: one per core (not in Jina)",
           .fallback = 1,
           .group = kNetwork});

  constexpr auto kContainer = "Containers and Kubernetes (accepted, without effect here)";
  const auto idle = [&](OptionSpec spec) {
    spec.effective = false;
    spec.group = kContainer;
    set.add(std::move(spec));
  };
  idle({.names = {"entrypoint"}, .help = "entry point of a container"});
  idle({.names = {"docker-kwargs"}, .kind = OptionKind::kKeyValues, .help = "arguments of the Docker SDK"});
  idle({.names = {"env-from-secret"}, .kind = OptionKind::kKeyValues, .help = "environment from Kubernetes secrets"});
  idle({.names = {"image-pull-secrets"}, .kind = OptionKind::kTextList, .help = "Kubernetes image pull secrets"});
  idle({.names = {"k8s-namespace"}, .help = "Kubernetes namespace"});
  idle({.names = {"autoscale"},
        .kind = OptionKind::kKeyValues,
        .help = "for 'jina export kubernetes': {min, max, cpu, memory}, the latter two in % of what is asked for (not in Jina)"});
  idle({.names = {"resources"},
        .kind = OptionKind::kKeyValues,
        .help = "for 'jina export kubernetes': {cpu, memory}, or {requests, limits} as Kubernetes has them (not in Jina)"});
  idle({.names = {"jcloud"}, .kind = OptionKind::kJson, .help = "of Jina's cloud; 'jina export' reads autoscale and resources"});
  idle({.names = {"provider"},
        .kind = OptionKind::kChoice,
        .help = "hosting provider",
        .fallback = "NONE",
        .choices = {"NONE", "SAGEMAKER", "AZURE"}});
  idle({.names = {"provider-endpoint"}, .help = "endpoint that the provider serves"});

  constexpr auto kInternal = "Internal (what Jina passes to its own processes)";
  const auto internal = [&](OptionSpec spec) {
    spec.effective = false;
    spec.group = kInternal;
    set.add(std::move(spec));
  };
  internal({.names = {"workspace-id"}, .help = "id of the workspace"});
  internal({.names = {"timeout-ctrl"}, .kind = OptionKind::kInteger, .help = "wait for control requests", .fallback = 60});
  internal({.names = {"runtime-cls"}, .help = "runtime class", .fallback = runtime_class});
  internal({.names = {"pod-role"},
            .kind = OptionKind::kChoice,
            .help = "role",
            .fallback = pod_role,
            .choices = {"HEAD", "WORKER", "GATEWAY"}});
  internal({.names = {"noblock-on-start"}, .kind = OptionKind::kFlag, .help = "do not wait", .fallback = false});
  internal({.names = {"reload"}, .kind = OptionKind::kFlag, .help = "restart when the YAML changes", .fallback = false});
  internal({.names = {"stateful"}, .kind = OptionKind::kFlag, .help = "replicated state", .fallback = false});
  internal({.names = {"peer-ports"}, .kind = OptionKind::kTextList, .help = "ports of the peers of a stateful Executor"});
}

void add_observability(OptionSet& set) {
  constexpr auto kGroup = "Observability";
  const auto later = [&](OptionSpec spec) {
    spec.effective = false;
    spec.group = kGroup;
    set.add(std::move(spec));
  };
  set.add({.names = {"monitoring"},
           .kind = OptionKind::kFlag,
           .help = "count requests, bytes and times, and serve them to Prometheus",
           .fallback = false,
           .group = kGroup});
  set.add({.names = {"port-monitoring"},
           .kind = OptionKind::kPorts,
           .help = "port of the metrics; any that is free when not given. In a Flow, of each process: the head, then the replicas",
           .group = kGroup});
  set.add({.names = {"tracing"},
           .kind = OptionKind::kFlag,
           .help = "send OpenTelemetry spans to a collector; OTEL_* variables say more",
           .fallback = false,
           .group = kGroup});
  set.add({.names = {"traces-exporter-host"},
           .help = "host of the collector, http:// in front for no TLS; localhost when not given",
           .group = kGroup});
  set.add({.names = {"traces-exporter-port"},
           .kind = OptionKind::kInteger,
           .help = "port of the collector; 4317, or 4318 for OTLP over HTTP, when not given",
           .group = kGroup});
  later({.names = {"metrics"}, .kind = OptionKind::kFlag, .help = "send OpenTelemetry metrics", .fallback = false});
  later({.names = {"metrics-exporter-host"}, .help = "host of the metrics collector"});
  later({.names = {"metrics-exporter-port"}, .kind = OptionKind::kInteger, .help = "port of the metrics collector"});
}

void add_tls_server(OptionSet& set) {
  set.add(
      {.names = {"ssl-certfile"}, .help = "certificate chain (PEM): the ports speak TLS", .group = "TLS", .placeholder = "FILE"});
  set.add({.names = {"ssl-keyfile"}, .help = "private key (PEM) of the certificate", .group = "TLS", .placeholder = "FILE"});
}

void add_http(OptionSet& set) {
  constexpr auto kGroup = "HTTP";
  set.add({.names = {"title"}, .help = "title in /docs", .group = kGroup});
  set.add({.names = {"description"}, .help = "description in /docs", .group = kGroup});
  set.add({.names = {"cors"},
           .kind = OptionKind::kFlag,
           .help = "allow requests from pages of any origin",
           .fallback = false,
           .group = kGroup});
  set.add({.names = {"uvicorn-kwargs"},
           .kind = OptionKind::kKeyValues,
           .help = "arguments of Python's HTTP server",
           .group = kGroup,
           .effective = false});
}

}  // namespace jina::config::detail
