#include "app/openapi.hpp"

#include "app/app_test_support.hpp"
#include "jina/document.hpp"

namespace jina::app {
namespace {

using testing::AppFixture;
namespace json = boost::json;

struct Id {
  int id;
};
BOOST_DESCRIBE_STRUCT(Id, (), (id))
enum class Color { red, blue };
BOOST_DESCRIBE_ENUM(Color, red, blue)
struct Search {
  std::string q;
  std::int64_t n = 3;
  Color color = Color::blue;
  static void describe(Fields& on) { on["n"].says("how many").at_least(1).at_most(10).example(5); }
};
BOOST_DESCRIBE_STRUCT(Search, (), (q, n, color))
struct Keys {
  std::string x_api_key;
};
BOOST_DESCRIBE_STRUCT(Keys, (), (x_api_key))
struct Session {
  std::optional<std::string> session;
};
BOOST_DESCRIBE_STRUCT(Session, (), (session))
struct Item {
  std::string name;
  double price = 1.5;
};
BOOST_DESCRIBE_STRUCT(Item, (), (name, price))
struct Upload {
  UploadFile f;
  Defaulted<std::vector<UploadFile>> fs;
};
BOOST_DESCRIBE_STRUCT(Upload, (), (f, fs))
struct Filter {
  Item item;
};
BOOST_DESCRIBE_STRUCT(Filter, (), (item))

json::value parsed(std::string_view text) { return json::parse(text); }

const json::value& at(const json::value& document, std::string_view pointer) { return document.at_pointer(pointer); }

TEST(OpenApi, ParametersAsFastApiHasThem) {
  AppFixture fixture;
  fixture.app.get("/items/{id}", [](Query<Search>, Cookie<Session>, Header<Keys>, Path<Id>) { return Item{}; })
      .says("Finds it")
      .description("*All* of it")
      .tag("items")
      .name("get_item");
  const json::value document = fixture.openapi();
  EXPECT_EQ(at(document, "/openapi"), "3.1.0");
  EXPECT_EQ(at(document, "/paths/~1items~1{id}/get"), parsed(R"json({
    "tags": ["items"], "summary": "Finds it", "description": "*All* of it", "operationId": "get_item_items__id__get",
    "parameters": [
      {"required": true, "schema": {"type": "integer", "format": "int32", "title": "Id"}, "name": "id", "in": "path"},
      {"required": true, "schema": {"type": "string", "title": "Q"}, "name": "q", "in": "query"},
      {"description": "how many", "required": false, "example": 5, "name": "n", "in": "query",
       "schema": {"type": "integer", "maximum": 10, "minimum": 1, "title": "N", "description": "how many", "default": 3, "example": 5}},
      {"required": false, "name": "color", "in": "query",
       "schema": {"allOf": [{"$ref": "#/components/schemas/Color"}], "default": "blue"}},
      {"required": true, "schema": {"type": "string", "title": "X Api Key"}, "name": "x-api-key", "in": "header"},
      {"required": false, "schema": {"type": "string", "title": "Session"}, "name": "session", "in": "cookie"}],
    "responses": {
      "200": {"description": "Successful Response", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Item"}}}},
      "422": {"description": "Validation Error", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/HTTPValidationError"}}}}}
  })json"));
  // What only groups parameters is no component.
  const json::object schemas = at(document, "/components/schemas").as_object();
  std::vector<std::string> names;
  for (const auto& entry : schemas) names.emplace_back(entry.key());
  EXPECT_THAT(names, ::testing::UnorderedElementsAre("Color", "Item", "HTTPValidationError", "ValidationError"));
}

TEST(OpenApi, Bodies) {
  AppFixture fixture;
  App& app = fixture.app;
  app.post("/item", [](Json<Item>) { return 1; }).status(201);
  app.post("/items", [](Json<std::vector<Item>>) {});
  app.post("/maybe", [](Json<std::optional<Item>>) {});
  app.post("/form", [](Form<Item>) {});
  app.post("/upload", [](Form<Upload>) {});
  app.post("/docs", [](Json<DocumentArray>) {});
  const json::value document = fixture.openapi();
  EXPECT_EQ(at(document, "/paths/~1item/post/requestBody"),
            parsed(R"({"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Item"}}}, "required": true})"));
  EXPECT_EQ(at(document, "/paths/~1items/post/requestBody/content"),
            parsed(R"({"application/json": {"schema": {"items": {"$ref": "#/components/schemas/Item"}, "type": "array"}}})"));
  EXPECT_FALSE(at(document, "/paths/~1maybe/post/requestBody").as_object().contains("required"));
  EXPECT_EQ(
      at(document, "/paths/~1form/post/requestBody"),
      parsed(
          R"({"content": {"application/x-www-form-urlencoded": {"schema": {"$ref": "#/components/schemas/Item"}}}, "required": true})"));
  EXPECT_EQ(at(document, "/paths/~1upload/post/requestBody/content"),
            parsed(R"({"multipart/form-data": {"schema": {"$ref": "#/components/schemas/Upload"}}})"));
  EXPECT_EQ(at(document, "/components/schemas/Upload/properties/f"),
            parsed(R"({"type": "string", "format": "binary", "title": "F"})"));
  EXPECT_EQ(at(document, "/components/schemas/Upload/required"), parsed(R"(["f"])"));
  EXPECT_TRUE(at(document, "/components/schemas").as_object().contains("Document"));
  EXPECT_TRUE(at(document, "/paths/~1item/post/responses").as_object().contains("400"));
  EXPECT_EQ(at(document, "/paths/~1item/post/responses/201/content/application~1json/schema"),
            parsed(R"({"type": "integer", "format": "int32"})"));
}

struct Nullable {
  std::optional<int> number;
  std::optional<Item> item;
  std::optional<Color> color = Color::red;
  std::vector<std::optional<std::string>> texts;
  std::map<std::string, std::optional<int>> map;
};
BOOST_DESCRIBE_STRUCT(Nullable, (), (number, item, color, texts, map))

TEST(OpenApi, WhatMayBeNullInBodies) {
  AppFixture fixture;
  fixture.app.get("/there", [](Query<Session>) { return std::vector<Nullable>(); });
  const json::value document = fixture.openapi();
  EXPECT_EQ(at(document, "/components/schemas/Nullable/properties"), parsed(R"({
    "number": {"type": ["integer", "null"], "format": "int32", "title": "Number"},
    "item": {"anyOf": [{"$ref": "#/components/schemas/Item"}, {"type": "null"}]},
    "color": {"anyOf": [{"allOf": [{"$ref": "#/components/schemas/Color"}]}, {"type": "null"}], "default": "red"},
    "texts": {"items": {"type": ["string", "null"]}, "type": "array", "title": "Texts"},
    "map": {"additionalProperties": {"type": ["integer", "null"], "format": "int32"}, "type": "object", "title": "Map"}})"));
  EXPECT_EQ(at(document, "/paths/~1there/get/parameters/0/schema/type"), "string");  // no null in a URL
}

TEST(OpenApi, Answers) {
  AppFixture fixture;
  App& app = fixture.app;
  app.get("/nothing", [] {}).response(409, "Not now").response<Item>(410, "What was there");
  app.get("/text", [] { return "x"; });
  app.get("/maybe", [] { return std::optional<Item>(); });
  app.get("/events", [](EventWriter&) -> Task<void> { co_return; });
  app.get("/own", [] { return HttpResponse(); });
  app.get("/created", [] { return Item{}; }).status(201).response(201, "Made");
  const json::value document = fixture.openapi();
  EXPECT_EQ(at(document, "/paths/~1nothing/get/responses"), parsed(R"({
    "204": {"description": "Successful Response"}, "409": {"description": "Not now"},
    "410": {"description": "What was there", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Item"}}}}})"));
  EXPECT_EQ(at(document, "/paths/~1text/get/responses/200/content"), parsed(R"({"text/plain": {"schema": {"type": "string"}}})"));
  EXPECT_TRUE(at(document, "/paths/~1maybe/get/responses").as_object().contains("404"));
  EXPECT_TRUE(at(document, "/paths/~1events/get/responses/200/content").as_object().contains("text/event-stream"));
  EXPECT_EQ(at(document, "/paths/~1own/get/responses/200/content"), parsed(R"({"application/json": {"schema": {}}})"));
  EXPECT_EQ(at(document, "/paths/~1created/get/responses/201/description"), "Made");
  EXPECT_TRUE(at(document, "/paths/~1created/get/responses/201").as_object().contains("content"));
}

TEST(OpenApi, RoutesAsAWhole) {
  AppFixture fixture;
  App& app = fixture.app;
  app.title("T").description("D").version("1.2").tag("items", "All about them");
  app.get("/hidden", [] {}).hidden();
  app.get("/old", [] {}).deprecated();
  app.route({"get", "post", "PURGE"}, "/several", [] {}).operation_id("several");
  app.get("/files/{rest:path}", [](const HttpRequest&) {});
  app.get("/json", [](Query<Filter>) {});
  app.websocket("/ws", [](WebSocket&) -> Task<void> { co_return; });
  app.mount("/v2", [](App& v2) { v2.get("/x", [] {}).name("read_x"); });
  const json::value document = fixture.openapi();
  EXPECT_EQ(at(document, "/info"), parsed(R"({"title": "T", "description": "D", "version": "1.2"})"));
  EXPECT_EQ(at(document, "/tags"), parsed(R"([{"name": "items", "description": "All about them"}])"));
  std::vector<std::string> paths;
  for (const auto& entry : at(document, "/paths").as_object()) paths.emplace_back(entry.key());
  EXPECT_THAT(paths, ::testing::ElementsAre("/old", "/several", "/files/{rest}", "/json", "/v2/x", "/"));
  EXPECT_EQ(at(document, "/paths/~1old/get/deprecated"), true);
  EXPECT_EQ(at(document, "/paths/~1old/get/operationId"), "old_get");
  EXPECT_EQ(at(document, "/paths/~1several/get/operationId"), "several");
  EXPECT_EQ(at(document, "/paths/~1several/post/operationId"), "several_post");
  EXPECT_EQ(at(document, "/paths/~1several").as_object().size(), 2u);
  EXPECT_EQ(at(document, "/paths/~1files~1{rest}/get/parameters"),
            parsed(R"([{"required": true, "schema": {"type": "string"}, "name": "rest", "in": "path"}])"));
  EXPECT_EQ(at(document, "/paths/~1json/get/parameters/0/content/application~1json/schema/$ref"), "#/components/schemas/Item");
  EXPECT_EQ(at(document, "/paths/~1v2~1x/get/summary"), "Read X");
  EXPECT_EQ(at(document, "/paths/~1v2~1x/get/operationId"), "read_x_v2_x_get");
  EXPECT_EQ(at(document, "/paths/~1/get/operationId"), "root_get");
}

TEST(OpenApi, DefaultsAndTheFallback) {
  AppFixture fixture;
  fixture.environment.version = "3";
  fixture.environment.extra_paths = {{"/post", {{"post", {{"operationId", "theirs"}}}, {"get", {{"operationId", "theirs"}}}}}};
  fixture.environment.extra_schemas = {{"Theirs", json::object()}};
  fixture.environment.extra_tags = {json::object{{"name", "Debug"}}};
  fixture.app.get("/post", [] {});
  const json::value document = fixture.openapi();
  EXPECT_EQ(at(document, "/info"), parsed(R"({"title": "My Jina Service", "version": "3"})"));
  EXPECT_EQ(at(document, "/paths/~1post/get/operationId"), "post_get");
  EXPECT_EQ(at(document, "/paths/~1post/post/operationId"), "theirs");
  EXPECT_TRUE(at(document, "/components/schemas").as_object().contains("Theirs"));
  EXPECT_EQ(at(document, "/tags/0/name"), "Debug");
  AppFixture plain;
  const json::value document_of_none = plain.openapi();
  EXPECT_EQ(at(document_of_none, "/info/version"), "0.1.0");
}

}  // namespace
}  // namespace jina::app
