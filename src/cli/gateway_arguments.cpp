#include "cli/gateway_arguments.hpp"

#include <fmt/format.h>

#include <thread>

namespace jina::cli {

using gateway::GatewayOptions;

namespace {

Status expects_map(const std::string& argument, std::string_view what) {
  return {StatusCode::kInvalidArgument, fmt::format("--{}: expected {}", argument, what)};
}

Status read_object(const config::OptionBag& options, const std::string& name, boost::json::object& to) {
  const auto& value = options.get(name);
  if (value.is_null()) return {};
  if (!value.is_object()) return expects_map(name, "a JSON object");
  to = value.get_object();
  return {};
}

}  // namespace

std::string addresses_text(const std::string& host, std::span<const std::uint16_t> ports) {
  std::string text;
  for (const auto port : ports) {
    if (!text.empty()) text += ", ";
    text += host.find(':') == host.npos ? host : "[" + host + "]";
    text += ":" + std::to_string(port);
  }
  return text;
}

Result<GatewayOptions> gateway_options_from(const config::OptionBag& options) {
  GatewayOptions out;
  out.name = options.text("name");
  out.host = options.text("host");
  if (const auto ports = options.ports("port"); !ports.empty()) out.ports = ports;
  out.protocols.clear();
  for (const auto& name : options.texts("protocol")) {
    auto protocol = gateway::parse_protocol(name);
    if (!protocol) return protocol.error();
    out.protocols.push_back(*protocol);
  }
  const auto threads = options.integer("io-threads", 1);
  if (threads < 0 || threads > 1024)
    return Status{StatusCode::kInvalidArgument,
                  fmt::format("--io-threads: {} is out of range; write 0 (one per core) to 1024", threads)};
  out.io_threads = threads == 0 ? std::max(1U, std::thread::hardware_concurrency()) : static_cast<unsigned>(threads);

  struct {
    const char* name;
    boost::json::object& to;
  } const objects[] = {{"graph-description", out.graph_description},
                       {"graph-conditions", out.graph_conditions},
                       {"deployments-addresses", out.deployments_addresses},
                       {"deployments-metadata", out.deployments_metadata},
                       {"expose-endpoints", out.expose_endpoints}};
  for (const auto& [name, to] : objects)
    if (auto s = read_object(options, name, to); !s.ok()) return s;
  const auto& no_reduce = options.get("deployments-no-reduce");
  if (!no_reduce.is_array()) return expects_map("deployments-no-reduce", "a JSON list of names");
  out.deployments_no_reduce = no_reduce.get_array();

  // Jina documents -1 as "no timeout" but lets every call fail at once with it; here it means none.
  if (const auto limit = options.integer("timeout-send", -1); limit >= 0) out.timeout_send = std::chrono::milliseconds(limit);
  out.retries = static_cast<int>(options.integer("retries", -1));
  out.prefetch = static_cast<int>(options.integer("prefetch", 1000));
  if (out.prefetch < 0)
    return Status{StatusCode::kInvalidArgument, fmt::format("--prefetch: {} is negative; write 0 for no limit", out.prefetch)};
  out.drain_delay = std::chrono::milliseconds(std::max<std::int64_t>(0, options.integer("drain-delay", 0)));
  const auto compression = options.text("compression");
  if (compression == "Gzip") out.compression = grpc::Compression::kGzip;
  if (compression == "Deflate") out.compression = grpc::Compression::kDeflate;

  if (options.is_set("title")) out.title = options.text("title");
  if (options.is_set("description")) out.description = options.text("description");
  out.cors = options.flag("cors");
  out.no_debug_endpoints = options.flag("no-debug-endpoints");
  out.no_crud_endpoints = options.flag("no-crud-endpoints");
  out.ssl_certfile = options.text("ssl-certfile");
  out.ssl_keyfile = options.text("ssl-keyfile");
  if (out.ssl_certfile.empty() != out.ssl_keyfile.empty())
    return Status{StatusCode::kInvalidArgument, out.ssl_keyfile.empty() ? "--ssl-certfile without --ssl-keyfile: TLS needs both"
                                                                        : "--ssl-keyfile without --ssl-certfile: TLS needs both"};
  return out;
}

}  // namespace jina::cli
