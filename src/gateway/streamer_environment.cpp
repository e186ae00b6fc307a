#include "gateway/streamer_environment.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cstdlib>

#include "jina/streamer.hpp"

namespace jina {

namespace json = boost::json;

namespace {
constexpr const char* kVariable = "JINA_STREAMER_ARGS";
}

namespace gateway {
namespace {

json::value name_of(grpc::Compression compression) {
  switch (compression) {
    case grpc::Compression::kIdentity: break;
    case grpc::Compression::kDeflate: return "Deflate";
    case grpc::Compression::kGzip: return "Gzip";
  }
  return nullptr;
}

}  // namespace

void export_streamer_arguments(const GatewayOptions& options) {
  json::object arguments;
  arguments["graph_representation"] = options.graph_description;
  arguments["executor_addresses"] = options.deployments_addresses;
  arguments["graph_conditions"] = options.graph_conditions;
  arguments["deployments_metadata"] = options.deployments_metadata;
  arguments["deployments_no_reduce"] = options.deployments_no_reduce;
  if (options.timeout_send && options.timeout_send->count() >= 0) {
    arguments["timeout_send"] = static_cast<double>(options.timeout_send->count()) / 1000.0;  // seconds there
  } else {
    arguments["timeout_send"] = nullptr;
  }
  arguments["retries"] = options.retries;
  arguments["compression"] = name_of(options.compression);
  arguments["runtime_name"] = options.name;
  arguments["prefetch"] = options.prefetch;
  setenv(kVariable, json::serialize(arguments).c_str(), 1);
}

}  // namespace gateway

Result<StreamerOptions> StreamerOptions::from_environment() {
  const char* text = std::getenv(kVariable);
  if (text == nullptr)
    return Status{StatusCode::kFailedPrecondition,
                  "JINA_STREAMER_ARGS is not set: this process was not started by a gateway. Start it from one, or copy the "
                  "variable from the gateway's environment"};
  return from_json(text);
}

Result<StreamerOptions> StreamerOptions::from_json(std::string_view text) {
  const auto wrong = [](const std::string& what) { return Status{StatusCode::kInvalidArgument, "JINA_STREAMER_ARGS: " + what}; };
  boost::system::error_code error;
  const json::value parsed = json::parse(json::string_view(text.data(), text.size()), error);
  if (error || !parsed.is_object()) return wrong("expected a JSON object");
  StreamerOptions options;
  for (const auto& [key, value] : parsed.get_object()) {
    if (value.is_null()) continue;
    const auto object = [&](json::object& into) {
      if (value.is_object()) into = value.get_object();
      return value.is_object();
    };
    bool good = true;
    if (key == "graph_representation")
      good = object(options.graph_representation);
    else if (key == "executor_addresses")
      good = object(options.executor_addresses);
    else if (key == "graph_conditions")
      good = object(options.graph_conditions);
    else if (key == "deployments_metadata")
      good = object(options.deployments_metadata);
    else if (key == "deployments_no_reduce" && (good = value.is_array()))
      options.deployments_no_reduce = value.get_array();
    else if (key == "timeout_send" && (good = value.is_number()))
      options.timeout_send = std::chrono::milliseconds(static_cast<std::int64_t>(value.to_number<double>() * 1000));
    else if (key == "retries" && (good = value.is_int64()))
      options.retries = static_cast<int>(value.get_int64());
    else if (key == "prefetch" && (good = value.is_int64()))
      options.prefetch = static_cast<int>(value.get_int64());
    else if (key == "compression" && (good = value.is_string()))
      options.compression = std::string(std::string_view(value.get_string()));
    else if (key == "runtime_name" && (good = value.is_string()))
      options.runtime_name = std::string(std::string_view(value.get_string()));
    if (!good) return wrong("\"" + std::string(std::string_view(key)) + "\" has another type than expected");
  }
  return options;
}

}  // namespace jina
