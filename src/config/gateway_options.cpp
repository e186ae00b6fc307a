// The arguments of `jina gateway`.
#include "config/option_sets.hpp"

namespace jina::config {
namespace {

OptionSet make() {
  namespace json = boost::json;
  OptionSet set;
  constexpr auto kGateway = "Gateway";
  set.add({.names = {"port", "ports", "port-expose", "port-in"},
           .kind = OptionKind::kPorts,
           .help = "one for all protocols, or one per protocol; a free one when not given",
           .group = kGateway});
  set.add({.names = {"protocol", "protocols"},
           .kind = OptionKind::kChoiceList,
           .help = "what the ports speak",
           .fallback = json::array{"GRPC"},
           .choices = {"GRPC", "HTTP", "WEBSOCKET"},
           .group = kGateway});
  set.add({.names = {"host", "host-in"}, .help = "address to listen on", .fallback = "0.0.0.0", .group = kGateway});
  set.add({.names = {"uses"}, .help = "custom gateway: class name, module (.cpp, .so), YAML file or raw YAML", .group = kGateway});
  set.add({.names = {"uses-with"},
           .kind = OptionKind::kKeyValues,
           .help = "arguments of the gateway's class, over those of its YAML",
           .group = kGateway});
  detail::add_modules(set, kGateway);
  set.add({.names = {"prefetch"},
           .kind = OptionKind::kInteger,
           .help = "requests of one stream that may be in work; 0: no limit",
           .fallback = 1000,
           .group = kGateway});
  set.add({.names = {"drain-delay"},
           .kind = OptionKind::kInteger,
           .help = "milliseconds after SIGTERM in which health checks say 'not ready' and requests are still taken, so that load "
                   "balancers turn away first (not in Jina)",
           .fallback = 0,
           .group = kGateway});
  set.add({.names = {"restart"},
           .kind = OptionKind::kChoice,
           .help =
               "in a Flow, when its process ends by itself: start it again, or stop the Flow; as 'jina flow --restart' when not "
               "given (not in Jina)",
           .choices = {"never", "on-failure"},
           .group = kGateway});

  constexpr auto kFlow = "Topology";
  set.add({.names = {"graph-description"},
           .kind = OptionKind::kJson,
           .help = "who sends to whom: {\"start-gateway\": [\"a\"], \"a\": [\"end-gateway\"]}",
           .fallback = json::object{},
           .group = kFlow});
  set.add({.names = {"graph-conditions"},
           .kind = OptionKind::kJson,
           .help = "which Documents an Executor gets: {\"a\": {\"tags__x\": {\"$eq\": 1}}}",
           .fallback = json::object{},
           .group = kFlow});
  set.add({.names = {"deployments-addresses"},
           .kind = OptionKind::kJson,
           .help = "where the Executors are: {\"a\": [\"grpc://host:port\"]}",
           .fallback = json::object{},
           .group = kFlow});
  set.add({.names = {"deployments-metadata"},
           .kind = OptionKind::kJson,
           .help = "gRPC metadata for each Executor: {\"a\": {\"key\": \"value\"}}",
           .fallback = json::object{},
           .group = kFlow});
  set.add({.names = {"deployments-no-reduce", "deployments-disable-reduce"},
           .kind = OptionKind::kJson,
           .help = "Executors that get their inputs unmerged: [\"c\"]",
           .fallback = json::array{},
           .group = kFlow});

  set.add(
      {.names = {"colocate"},
       .kind = OptionKind::kJson,
       .help =
           "Executors in this process, called without a network: {\"a\": {\"uses\": \"upper.cpp\", \"uses_with\": {}}}; arguments "
           "of 'jina executor' by name (not in Jina)",
       .fallback = json::object{},
       .group = kFlow});

  detail::add_common(set, "gateway", "GatewayRuntime", "GATEWAY");
  detail::add_http(set);
  constexpr auto kHttp = "HTTP";
  set.add({.names = {"no-debug-endpoints"},
           .kind = OptionKind::kFlag,
           .help = "leave out /status, /post and /dry_run",
           .fallback = false,
           .group = kHttp});
  set.add({.names = {"no-crud-endpoints"},
           .kind = OptionKind::kFlag,
           .help = "leave out /index, /search, /update and /delete",
           .fallback = false,
           .group = kHttp});
  set.add({.names = {"expose-endpoints"},
           .kind = OptionKind::kJson,
           .help = "more routes: {\"/foo\": {\"http_path\": \"/bar\", \"methods\": [\"POST\"]}}",
           .group = kHttp});
  set.add({.names = {"expose-graphql-endpoint"},
           .kind = OptionKind::kFlag,
           .help = "serve /graphql",
           .fallback = false,
           .group = kHttp,
           .effective = false});
  set.add({.names = {"proxy"},
           .kind = OptionKind::kFlag,
           .help = "keep http_proxy and https_proxy",
           .fallback = false,
           .group = kHttp,
           .effective = false});
  detail::add_tls_server(set);
  detail::add_observability(set);
  const auto kubernetes = "Containers and Kubernetes (accepted, without effect here)";
  set.add({.names = {"replicas"},
           .kind = OptionKind::kInteger,
           .help = "replicas in Kubernetes",
           .fallback = 1,
           .group = kubernetes,
           .effective = false});
  const auto internal = "Internal (what Jina passes to its own processes)";
  set.add({.names = {"shard-id"},
           .kind = OptionKind::kInteger,
           .help = "number of the shard",
           .fallback = 0,
           .group = internal,
           .effective = false});
  set.add({.names = {"replica-id"},
           .kind = OptionKind::kInteger,
           .help = "number of the replica",
           .fallback = 0,
           .group = internal,
           .effective = false});
  set.add({.names = {"floating"},
           .kind = OptionKind::kFlag,
           .help = "not chained any further",
           .fallback = false,
           .group = internal,
           .effective = false});
  return set;
}

}  // namespace

const OptionSet& gateway_options() {
  static const OptionSet set = make();
  return set;
}

}  // namespace jina::config
