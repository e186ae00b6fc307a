// /openapi.json: the paths, methods and operation ids are those of Jina 3.25.2, since clients read them.
#include "gateway/http/openapi.hpp"

#include <gtest/gtest.h>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <set>

#include "gateway/http/http_test_support.hpp"

namespace jina::gateway {
namespace {

namespace bjson = boost::json;

bjson::object document(const GatewayOptions& options, PortRole role = {.http = true}) {
  const auto routes = make_routes(options, role);
  return bjson::parse(make_openapi(options, routes)).as_object();
}

// "METHOD path operation-id", in order.
std::vector<std::string> operations(const bjson::object& document) {
  std::vector<std::string> found;
  for (const auto& path : document.at("paths").as_object())
    for (const auto& op : path.value().as_object())
      found.push_back(std::string(op.key()) + " " + std::string(path.key()) + " " +
                      std::string(op.value().at("operationId").as_string()));
  return found;
}

const char* const kExposed = R"({"/echo":{},"/upper":{"http_path":"/up"},"/embed":{"http_path":"/emb","methods":["GET"]}})";

TEST(OpenApi, PathsAreThoseOfJina) {
  const auto spec = document({.expose_endpoints = testing::expose(kExposed)});
  EXPECT_EQ(spec.at("openapi").as_string(), "3.1.0");
  EXPECT_EQ(spec.at("info").at("title").as_string(), "My Jina Service");
  EXPECT_EQ(spec.at("info").at("version").as_string(), "3.25.2");
  EXPECT_EQ(operations(spec),
            (std::vector<std::string>{"get /dry_run _flow_health_dry_run_get", "get /status _status_status_get",
                                      "post /post post_post_post", "post /index _index_index_post",
                                      "post /search _search_search_post", "delete /delete _delete_delete_delete",
                                      "put /update _update_update_put", "post /echo _echo_echo_post", "post /up _up_up_post",
                                      "get /emb _emb_emb_get", "get / _gateway_health__get"}));
}

TEST(OpenApi, WithoutADescriptionTheProtocolsAreNamed) {
  const auto described = [](const GatewayOptions& options) {
    return std::string(document(options).at("info").at("description").as_string());
  };
  EXPECT_EQ(described({.protocols = {Protocol::kHttp}}), "Sends Documents through this Flow over HTTP.");
  EXPECT_EQ(described({.protocols = {Protocol::kGrpc, Protocol::kHttp, Protocol::kWebSocket}}),
            "Sends Documents through this Flow over gRPC, HTTP and WebSocket on one port.");
  EXPECT_EQ(described({.ports = {1, 2}, .protocols = {Protocol::kGrpc, Protocol::kHttp}}),
            "Sends Documents through this Flow over gRPC and HTTP.");
}

TEST(OpenApi, OptionsShow) {
  const auto spec =
      document({.title = "T",
                .description = "D",
                .no_debug_endpoints = true,
                .no_crud_endpoints = true,
                .expose_endpoints = testing::expose(R"({"/echo":{"summary":"S","description":"Q","tags":["x"],"status_code":202,
                                                                      "deprecated":true,"operation_id":"echo"},"/h":{"include_in_schema":false}})")});
  EXPECT_EQ(spec.at("info"), bjson::parse(R"({"title":"T","description":"D","version":"3.25.2"})"));
  EXPECT_EQ(operations(spec), (std::vector<std::string>{"post /echo echo", "get / _gateway_health__get"}));
  const auto& echo = spec.at("paths").at("/echo").at("post").as_object();
  EXPECT_EQ(echo.at("summary").as_string(), "S");
  EXPECT_EQ(echo.at("description").as_string(), "Q");
  EXPECT_EQ(echo.at("tags"), bjson::parse(R"(["x"])"));
  EXPECT_EQ(echo.at("deprecated").as_bool(), true);
  EXPECT_TRUE(echo.at("responses").as_object().contains("202"));
  EXPECT_FALSE(spec.contains("tags"));
}

TEST(OpenApi, WebSocketPortHasNothingThatTakesDocuments) { EXPECT_EQ(operations(document({}, {.websocket = true})).size(), 3u); }

TEST(OpenApi, SchemasAreNamedAsInJinaAndAllReferencesResolve) {
  const auto spec = document({});
  std::set<std::string> names;
  for (const auto& schema : spec.at("components").at("schemas").as_object()) names.emplace(schema.key());
  EXPECT_EQ(names,
            (std::set<std::string>{"ExceptionProto", "HTTPValidationError", "HeaderProto", "JinaEndpointRequestModel",
                                   "JinaHealthModel", "JinaInfoModel", "JinaRequestModel", "JinaResponseModel", "PydanticDocument",
                                   "RouteProto", "StatusCode", "StatusProto", "ValidationError", "_NamedScore"}));
  const std::string text = bjson::serialize(spec);
  const std::string reference = "#/components/schemas/";
  for (auto at = text.find(reference); at != std::string::npos; at = text.find(reference, at)) {
    at += reference.size();
    EXPECT_TRUE(names.count(text.substr(at, text.find('"', at) - at))) << text.substr(at, 40);
  }
}

TEST(OpenApi, OperationIdsAreUnique) {
  const auto spec = document({.expose_endpoints = testing::expose(
                                  R"({"/a":{"methods":["POST","PUT"],"operation_id":"same"},"/b":{"methods":["POST","PUT"]}})")});
  std::set<std::string> ids;
  std::size_t count = 0;
  for (const auto& path : spec.at("paths").as_object())
    for (const auto& op : path.value().as_object()) {
      ids.emplace(op.value().at("operationId").as_string());
      ++count;
    }
  EXPECT_EQ(ids.size(), count);
}

}  // namespace
}  // namespace jina::gateway
