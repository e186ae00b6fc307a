#include "otlp/export_options.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

namespace jina::otlp {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::Pair;
using Environment = std::map<std::string, std::string>;

Variables of(Environment environment) {
  return [environment = std::move(environment)](const char* name) {
    const auto found = environment.find(name);
    return found == environment.end() ? std::string() : found->second;
  };
}

ExportConfiguration read(const TracingArguments& arguments, Environment environment = {}) {
  Result<ExportConfiguration> result = read_export_options(arguments, of(std::move(environment)));
  EXPECT_TRUE(result.ok()) << result.status().to_string();
  return result ? *std::move(result) : ExportConfiguration{};
}

std::string url(const TracingArguments& arguments, Environment environment = {}) {
  const ExportConfiguration configuration = read(arguments, std::move(environment));
  EXPECT_THAT(configuration.warnings, IsEmpty());
  return configuration.options.endpoint.url();
}

std::string problem(const TracingArguments& arguments, Environment environment = {}) {
  Result<ExportConfiguration> result = read_export_options(arguments, of(std::move(environment)));
  EXPECT_FALSE(result.ok());
  return result.status().message;
}

TEST(ExportOptions, JinasArgumentsNameHostAndPort) {
  EXPECT_EQ(url({.host = "http://collector", .port = 4317}), "http://collector:4317");
  EXPECT_EQ(url({.host = "https://collector", .port = 443}), "https://collector:443");
  EXPECT_EQ(url({.host = "collector", .port = 4317}), "https://collector:4317") << "TLS without a scheme, as in Jina";
  EXPECT_EQ(url({.host = "http://collector:9/"}), "http://collector:9");
  EXPECT_EQ(url({.host = "http://[::1]", .port = 5}), "http://[::1]:5");
  EXPECT_EQ(url({.port = 5}), "http://localhost:5");
  EXPECT_EQ(url({}), "http://localhost:4317");
}

TEST(ExportOptions, ArgumentsWinOverVariablesAndThoseForTracesOverGeneralOnes) {
  const Environment general = {{"OTEL_EXPORTER_OTLP_ENDPOINT", "http://general:1"}};
  Environment both = general;
  both["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] = "https://traces:2";
  EXPECT_EQ(url({}, general), "http://general:1");
  EXPECT_EQ(url({}, both), "https://traces:2");
  EXPECT_EQ(url({.host = "http://argument"}, both), "http://argument:4317");
  EXPECT_EQ(url({}, {{"OTEL_EXPORTER_OTLP_ENDPOINT", "plain:1"}, {"OTEL_EXPORTER_OTLP_INSECURE", "true"}}), "http://plain:1");
}

TEST(ExportOptions, HttpHasAPath) {
  const auto http = [](Environment environment) {
    environment["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf";
    return environment;
  };
  EXPECT_EQ(url({}, http({})), "http://localhost:4318/v1/traces");
  EXPECT_EQ(url({.host = "http://c"}, http({})), "http://c:4318/v1/traces");
  EXPECT_EQ(url({}, http({{"OTEL_EXPORTER_OTLP_ENDPOINT", "http://c:1/otlp/"}})), "http://c:1/otlp/v1/traces");
  EXPECT_EQ(url({}, http({{"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://c:1/exactly"}})), "http://c:1/exactly");
  EXPECT_EQ(url({}, http({{"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://c:1"}})), "http://c:1/");
  EXPECT_EQ(
      read({}, {{"OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "grpc"}, {"OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"}}).options.protocol,
      ExportProtocol::kGrpc);
}

TEST(ExportOptions, WhatCanNotWorkIsRefusedWithTheNameOfWhatIsWrong) {
  EXPECT_THAT(problem({.host = "ftp://c"}), HasSubstr("--traces-exporter-host: 'ftp://c' has the scheme 'ftp'"));
  EXPECT_THAT(problem({.host = "http://"}), HasSubstr("names no host"));
  EXPECT_THAT(problem({.host = "http://c:99999"}), HasSubstr("ports are 1 to 65535"));
  EXPECT_THAT(problem({.host = "http://u:p@c"}), HasSubstr("--traces-exporter-host"));
  EXPECT_THAT(problem({.host = "::1"}), HasSubstr("without brackets"));
  EXPECT_THAT(problem({.host = "http://c:1", .port = 2}), HasSubstr("name it once"));
  EXPECT_THAT(problem({.port = 0}), HasSubstr("--traces-exporter-port: 0 is no port"));
  EXPECT_THAT(problem({.host = "http://c/v1/traces"}), HasSubstr("has a path, which gRPC does not know"));
  EXPECT_THAT(problem({}, {{"OTEL_EXPORTER_OTLP_PROTOCOL", "http/json"}}),
              HasSubstr("OTEL_EXPORTER_OTLP_PROTOCOL is 'http/json'; write grpc or http/protobuf"));
  EXPECT_THAT(problem({}, {{"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "gopher://c"}}),
              HasSubstr("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'gopher://c'"));
}

TEST(ExportOptions, ReadsTheRest) {
  const ExportOptions options = read({}, {{"OTEL_EXPORTER_OTLP_HEADERS", "Api-Key=a%20b, x=1"},
                                          {"OTEL_EXPORTER_OTLP_TIMEOUT", "250"},
                                          {"OTEL_EXPORTER_OTLP_COMPRESSION", "gzip"},
                                          {"OTEL_EXPORTER_OTLP_CERTIFICATE", "/ca.pem"},
                                          {"OTEL_BSP_SCHEDULE_DELAY", "20"},
                                          {"OTEL_BSP_MAX_QUEUE_SIZE", "30"},
                                          {"OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "10"}})
                                    .options;
  EXPECT_THAT(options.headers, ElementsAre(Pair("api-key", "a b"), Pair("x", "1")));
  EXPECT_EQ(options.timeout, std::chrono::milliseconds(250));
  EXPECT_TRUE(options.gzip);
  EXPECT_EQ(options.ca_file, "/ca.pem");
  EXPECT_EQ(options.delay, std::chrono::milliseconds(20));
  EXPECT_EQ(options.limits.queue, 30U);
  EXPECT_EQ(options.limits.batch, 10U);
  EXPECT_TRUE(read({}, {{"OTEL_SDK_DISABLED", "True"}}).disabled);
}

TEST(ExportOptions, WhatCanBeDoneWithoutIsAWarning) {
  const ExportConfiguration read_badly = read({}, {{"OTEL_EXPORTER_OTLP_HEADERS", "secret"},
                                                   {"OTEL_EXPORTER_OTLP_TIMEOUT", "10s"},
                                                   {"OTEL_EXPORTER_OTLP_COMPRESSION", "zstd"},
                                                   {"OTEL_BSP_MAX_QUEUE_SIZE", "0"},
                                                   {"OTEL_TRACES_SAMPLER", "xray"},
                                                   {"OTEL_RESOURCE_ATTRIBUTES", "novalue"}});
  EXPECT_THAT(read_badly.warnings, testing::UnorderedElementsAre(
                                       HasSubstr("OTEL_EXPORTER_OTLP_HEADERS"), HasSubstr("OTEL_EXPORTER_OTLP_TIMEOUT is '10s'"),
                                       HasSubstr("'zstd'"), HasSubstr("OTEL_BSP_MAX_QUEUE_SIZE"),
                                       HasSubstr("OTEL_TRACES_SAMPLER is 'xray'"), HasSubstr("OTEL_RESOURCE_ATTRIBUTES")));
  EXPECT_THAT(read_badly.warnings, Not(Contains(HasSubstr("secret")))) << "headers hold keys";
  EXPECT_EQ(read_badly.options.timeout, std::chrono::seconds(10));
}

TEST(Resource, IsThePodAndItsPlace) {
  std::vector<std::string> warnings;
  const Attributes plain = read_resource("gateway/rep-0", of({{"K8S_POD_NAME", "gw-1"}, {"K8S_NODE_NAME", "n"}}), warnings);
  EXPECT_THAT(plain, testing::IsSupersetOf({Pair(std::string("service.name"), AttributeValue("gateway/rep-0")),
                                            Pair(std::string("k8s.pod.name"), AttributeValue("gw-1")),
                                            Pair(std::string("k8s.node.name"), AttributeValue("n"))}));
  const Attributes named = read_resource(
      "up/rep-0", of({{"OTEL_RESOURCE_ATTRIBUTES", "service.name=shop,team=a%2Cb"}, {"OTEL_SERVICE_NAME", "own"}}), warnings);
  EXPECT_THAT(named, testing::IsSupersetOf({Pair(std::string("service.name"), AttributeValue("own")),
                                            Pair(std::string("team"), AttributeValue("a,b")),
                                            Pair(std::string("service.instance.id"), AttributeValue("up/rep-0"))}));
  EXPECT_THAT(warnings, IsEmpty());
}

}  // namespace
}  // namespace jina::otlp
