#include "otlp/export_options.hpp"

#include <charconv>
#include <cstdlib>

#include "base/letter_case.hpp"
#include "otlp/endpoint.hpp"

namespace jina::otlp {
namespace {

constexpr std::uint16_t kGrpcPort = 4317;
constexpr std::uint16_t kHttpPort = 4318;
constexpr std::string_view kTracesPath = "/v1/traces";

// OTEL_EXPORTER_OTLP_<name>, in the form for traces or the general one; remembers which of them it was.
struct Setting {
  Setting(const Variables& variables, const char* name)
      : variable("OTEL_EXPORTER_OTLP_TRACES_" + std::string(name)), value(variables(variable.c_str())) {
    if (!value.empty()) return;
    variable = "OTEL_EXPORTER_OTLP_" + std::string(name);
    value = variables(variable.c_str());
    general = true;
  }
  std::string variable;
  std::string value;
  bool general = false;
};

Result<ExportProtocol> read_protocol(const Variables& variables) {
  const Setting setting(variables, "PROTOCOL");
  const std::string name = lower_case(setting.value);
  if (name.empty() || name == "grpc") return ExportProtocol::kGrpc;
  if (name == "http/protobuf") return ExportProtocol::kHttpProtobuf;
  return Status{StatusCode::kInvalidArgument, setting.variable + " is '" + setting.value + "'; write grpc or http/protobuf"};
}

// The port and path that belong to the protocol, where nothing else was said.
Status complete(Endpoint& endpoint, ExportProtocol protocol, bool append_path, std::string_view source) {
  const bool http = protocol == ExportProtocol::kHttpProtobuf;
  if (endpoint.port == 0) endpoint.port = http ? kHttpPort : kGrpcPort;
  if (!http) {
    if (endpoint.path.size() > 1)
      return {StatusCode::kInvalidArgument, std::string(source) + ": '" + endpoint.url() +
                                                "' has a path, which gRPC does not know; leave it out, or set "
                                                "OTEL_EXPORTER_OTLP_PROTOCOL to http/protobuf"};
    endpoint.path.clear();
  } else if (append_path) {
    while (endpoint.path.ends_with('/')) endpoint.path.pop_back();
    endpoint.path += kTracesPath;
  } else if (endpoint.path.empty()) {
    endpoint.path = "/";
  }
  return {};
}

bool is_true(const std::string& value) { return lower_case(value) == "true"; }

Result<Endpoint> read_endpoint(const TracingArguments& arguments, ExportProtocol protocol, const Variables& variables) {
  Endpoint endpoint;
  bool append_path = true;
  std::string source = "--traces-exporter-host";
  if (!arguments.host.empty() || arguments.port) {
    if (!arguments.host.empty()) {
      Result<Endpoint> parsed = parse_endpoint(arguments.host, source);
      if (!parsed) return parsed;
      endpoint = std::move(*parsed);
    }
    if (arguments.port) {
      if (*arguments.port < 1 || *arguments.port > 65'535)
        return Status{StatusCode::kInvalidArgument,
                      "--traces-exporter-port: " + std::to_string(*arguments.port) + " is no port; ports are 1 to 65535"};
      if (endpoint.port != 0 && endpoint.port != *arguments.port)
        return Status{StatusCode::kInvalidArgument, "--traces-exporter-host has the port " + std::to_string(endpoint.port) +
                                                        " and --traces-exporter-port is " + std::to_string(*arguments.port) +
                                                        "; name it once"};
      endpoint.port = static_cast<std::uint16_t>(*arguments.port);
    }
  } else if (const Setting setting(variables, "ENDPOINT"); !setting.value.empty()) {
    Result<Endpoint> parsed = parse_endpoint(setting.value, setting.variable);
    if (!parsed) return parsed;
    endpoint = std::move(*parsed);
    // The variable for traces alone is the whole URL; the general one is what the paths of all signals begin with.
    append_path = setting.general;
    source = setting.variable;
  }
  if (Status status = complete(endpoint, protocol, append_path, source); !status.ok()) return status;
  // TLS without a scheme, as Jina's exporter does it.
  if (!endpoint.scheme_named && is_true(Setting(variables, "INSECURE").value)) endpoint.tls = false;
  return endpoint;
}

template <class T, class Set>
void read_number(const std::string& variable, const std::string& value, T least, std::vector<std::string>& warnings, Set set) {
  if (value.empty()) return;
  T number{};
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (error == std::errc{} && end == value.data() + value.size() && number >= least) return set(number);
  warnings.push_back(variable + " is '" + value + "', expected a whole number from " + std::to_string(least) +
                     "; the default stays");
}

}  // namespace

Variables process_variables() {
  return [](const char* name) {
    const char* value = std::getenv(name);
    return std::string(value == nullptr ? "" : value);
  };
}

Result<ExportConfiguration> read_export_options(const TracingArguments& arguments, const Variables& variables) {
  ExportConfiguration out;
  ExportOptions& options = out.options;
  out.disabled = is_true(variables("OTEL_SDK_DISABLED"));
  Result<ExportProtocol> protocol = read_protocol(variables);
  if (!protocol) return protocol.error();
  options.protocol = *protocol;
  Result<Endpoint> endpoint = read_endpoint(arguments, options.protocol, variables);
  if (!endpoint) return endpoint.error();
  options.endpoint = std::move(*endpoint);
  options.ca_file = Setting(variables, "CERTIFICATE").value;

  if (const Setting headers(variables, "HEADERS"); !headers.value.empty()) {
    if (auto pairs = read_pairs(headers.value)) {
      options.headers = std::move(*pairs);
      for (auto& [name, value] : options.headers) name = lower_case(name);
    } else {  // not quoted: it may hold a key
      out.warnings.push_back(headers.variable + " is not of the form name=value,name=value; no headers are sent");
    }
  }
  const Setting compression(variables, "COMPRESSION");
  options.gzip = lower_case(compression.value) == "gzip";
  if (!options.gzip && !compression.value.empty() && lower_case(compression.value) != "none")
    out.warnings.push_back(compression.variable + " is '" + compression.value +
                           "', known are gzip and none; nothing is compressed");

  using std::chrono::milliseconds;
  const Setting timeout(variables, "TIMEOUT");
  read_number<std::int64_t>(timeout.variable, timeout.value, 1, out.warnings, [&](auto n) { options.timeout = milliseconds(n); });
  const auto number = [&](const char* name, std::int64_t least, auto set) {
    read_number<std::int64_t>(name, variables(name), least, out.warnings, set);
  };
  number("OTEL_BSP_SCHEDULE_DELAY", 1, [&](auto n) { options.delay = milliseconds(n); });
  number("OTEL_BSP_MAX_QUEUE_SIZE", 1, [&](auto n) { options.limits.queue = static_cast<std::size_t>(n); });
  number("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", 1, [&](auto n) { options.limits.batch = static_cast<std::size_t>(n); });

  Result<telemetry::Sampler> sampler =
      telemetry::Sampler::parse(variables("OTEL_TRACES_SAMPLER"), variables("OTEL_TRACES_SAMPLER_ARG"));
  if (sampler) {
    options.sampler = *sampler;
  } else {
    out.warnings.push_back(sampler.error().message + "; parentbased_always_on is used");
  }
  options.resource = read_resource(arguments.pod_name, variables, out.warnings);
  return out;
}

}  // namespace jina::otlp
