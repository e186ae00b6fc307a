// JSON bodies and answers, against what real Jina was recorded to do.
#include <gtest/gtest.h>

#include <cmath>

#include "document/document_codec.hpp"
#include "document/json/document_json.hpp"
#include "document/json/json_request.hpp"
#include "document/json/json_response.hpp"
#include "document/json/json_text.hpp"

namespace jina::json {
namespace {

JsonRequest parsed(std::string_view body) {
  auto result = parse_json_request(body);
  if (const auto* error = std::get_if<JsonRequestError>(&result)) {
    ADD_FAILURE() << body << ": " << error->http_status << " " << error->body;
    return {};
  }
  return std::get<JsonRequest>(std::move(result));
}

JsonRequestError refused(std::string_view body) {
  auto result = parse_json_request(body);
  if (std::holds_alternative<JsonRequest>(result)) {
    ADD_FAILURE() << body << " was accepted";
    return {};
  }
  return std::get<JsonRequestError>(std::move(result));
}

std::string echoed(std::string_view document) {
  const JsonRequest request = parsed("{\"data\":[" + std::string(document) + "]}");
  std::string out;
  EXPECT_TRUE(append_documents(out, request.docs));
  return out;
}

std::string number(double value) {
  std::string out;
  append_float(out, value);
  return out;
}

TEST(JsonText, FloatsAreWrittenAsPythonDoes) {
  EXPECT_EQ(number(1), "1.0");
  EXPECT_EQ(number(0.1), "0.1");
  EXPECT_EQ(number(static_cast<double>(0.1f)), "0.10000000149011612");
  EXPECT_EQ(number(1e16), "1e+16");
  EXPECT_EQ(number(123456789012345680.0), "1.2345678901234568e+17");
  EXPECT_EQ(number(9999999999999998.0), "9999999999999998.0");
  EXPECT_EQ(number(0.0001), "0.0001");
  EXPECT_EQ(number(0.00001), "1e-05");
  EXPECT_EQ(number(1e300), "1e+300");
  EXPECT_EQ(number(-0.0), "-0.0");
}

TEST(JsonText, StringsEscapeOnlyWhatTheyMust) {
  std::string out;
  append_string(out, "a\"\\\n\x01 ü 😀");
  EXPECT_EQ(out, "\"a\\\"\\\\\\n\\u0001 ü 😀\"");
  out.clear();
  append_string(out, "ü 😀", Escape::kAscii);
  EXPECT_EQ(out, "\"\\u00fc \\ud83d\\ude00\"");
}

TEST(JsonDocument, AllKeysAreThere) {
  EXPECT_EQ(echoed(R"({"id":"d1","text":"hello"})"),
            R"([{"id":"d1","parent_id":null,"granularity":null,"adjacency":null,"blob":null,"tensor":null,"mime_type":null,"text":"hello",)"
            R"("weight":null,"uri":null,"tags":null,"offset":null,"location":null,"embedding":null,"modality":null,"evaluations":null,)"
            R"("scores":null,"chunks":null,"matches":null}])");
}

TEST(JsonDocument, ValuesComeBackAsJinaWritesThem) {
  const auto has = [](std::string_view document, std::string_view expected) {
    const std::string out = echoed(document);
    EXPECT_NE(out.find(expected), std::string::npos) << out;
  };
  has(R"({"tensor":[[1,2],[3,4]]})", R"("tensor":[[1,2],[3,4]])");
  has(R"({"tensor":[1,2.5]})", R"("tensor":[1.0,2.5])");
  has(R"({"tensor":[true,false]})", R"("tensor":[true,false])");
  has(R"({"tensor":["x","yz"]})", R"("tensor":["x","yz"])");
  has(R"({"tensor":[]})", R"("tensor":[])");
  has(R"({"embedding":[0.1,0.2]})", R"("embedding":[0.1,0.2])");
  has(R"({"blob":"AAECAwQFBgcICQoLDA0ODw=="})", R"("blob":"AAECAwQFBgcICQoLDA0ODw==")");
  has(R"({"blob":"!!!"})", R"("blob":null)");
  has(R"({"text":"x","tensor":[1]})", R"("text":null)");
  has(R"({"blob":"aGk=","text":"x"})", R"("blob":"aGk=")");
  has(R"({"weight":"0.5"})", R"("weight":0.5)");
  has(R"({"weight":0.1})", R"("weight":0.10000000149011612)");
  has(R"({"granularity":1.7})", R"("granularity":1)");
  has(R"({"text":5})", R"("text":"5")");
  has(R"({"text":true})", R"("text":"True")");
  has(R"({"id":"p","chunks":[{"id":"c"}]})", R"("chunks":[{"id":"c","parent_id":"p","granularity":1)");
  has(R"({"matches":[{"id":"m"}]})", R"("adjacency":1)");
  has(R"({"scores":{"cos":{"value":0.25,"op_name":"cosine"}}})", R"("scores":{"cos":{"value":0.25,"op_name":"cosine","description":null,"ref_id":null}})");
}

TEST(JsonRequest, BothSpellingsAndDefaults) {
  EXPECT_EQ(parsed("{}").exec_endpoint, "/");
  EXPECT_FALSE(parsed("{}").has_data);
  EXPECT_EQ(parsed(R"({"execEndpoint":"/a","targetExecutor":"z"})").exec_endpoint, "/a");
  EXPECT_EQ(parsed(R"({"exec_endpoint":"/a","target_executor":"z"})").target_executor, "z");
  EXPECT_EQ(parsed(R"({"data":{"docs":[{"id":"x"}]},"other":1})").docs.at(0).id, "x");
  EXPECT_FALSE(parsed(R"({"data":null})").has_data);
  EXPECT_TRUE(parsed(R"({"data":[]})").has_data);
  EXPECT_EQ(parsed(R"({"data":[{"text":"x"}]})").docs.at(0).id.size(), 32u) << "a missing id is made";
}

TEST(JsonRequest, RefusalsAreThoseOfJina) {
  struct Case {
    const char* body;
    int status;
    const char* answer;
  };
  const Case cases[] = {
      {"", 422, R"({"detail":[{"loc":["body"],"msg":"field required","type":"value_error.missing"}]})"},
      {"null", 422, R"({"detail":[{"loc":["body"],"msg":"field required","type":"value_error.missing"}]})"},
      {"5", 422, R"({"detail":[{"loc":["body"],"msg":"value is not a valid dict","type":"type_error.dict"}]})"},
      {"{\"data\": [", 422,
       R"x({"detail":[{"loc":["body",10],"msg":"Expecting value: line 1 column 11 (char 10)","type":"value_error.jsondecode","ctx":{"msg":"Expecting value","doc":"{\"data\": [","pos":10,"lineno":1,"colno":11}}]})x"},
      {"{\"data\":[{\"text\":\"\xff\"}]}", 400, R"({"detail":"There was an error parsing the body"})"},
      {R"({"data":{"text":"single"}})", 422,
       R"({"detail":[{"loc":["body","data"],"msg":"value is not a valid list","type":"type_error.list"},{"loc":["body","data","text"],"msg":"value is not a valid list","type":"type_error.list"}]})"},
      {R"({"data":"hello"})", 422,
       R"({"detail":[{"loc":["body","data"],"msg":"value is not a valid list","type":"type_error.list"},{"loc":["body","data"],"msg":"value is not a valid dict","type":"type_error.dict"}]})"},
      {R"({"data":["hello"]})", 422,
       R"({"detail":[{"loc":["body","data",0],"msg":"value is not a valid dict","type":"type_error.dict"},{"loc":["body","data"],"msg":"value is not a valid dict","type":"type_error.dict"}]})"},
      {R"({"data":[{"id":"d1","text":[]}]})", 422,
       R"({"detail":[{"loc":["body","data",0,"text"],"msg":"str type expected","type":"type_error.str"},{"loc":["body","data","id"],"msg":"value is not a valid list","type":"type_error.list"}]})"},
      {R"({"data":[{"text":[]}]})", 422,
       R"({"detail":[{"loc":["body","data",0,"text"],"msg":"str type expected","type":"type_error.str"},{"loc":["body","data"],"msg":"value is not a valid dict","type":"type_error.dict"}]})"},
      {R"({"data":[{"id":"d1","tensor":[[1,2],[3]]}]})", 422,
       R"({"detail":[{"loc":["body","data",0,"tensor"],"msg":"setting an array element with a sequence. The requested array has an inhomogeneous shape after 1 dimensions. The detected shape was (2,) + inhomogeneous part.","type":"value_error"},{"loc":["body","data","id"],"msg":"value is not a valid list","type":"type_error.list"}]})"},
      {R"({"data":[{"id":"d1","tensor":5}]})", 422,
       R"({"detail":[{"loc":["body","data",0,"tensor"],"msg":"can not determine the array type: ['builtins'].int","type":"type_error"},{"loc":["body","data","id"],"msg":"value is not a valid list","type":"type_error.list"}]})"},
      {R"({"data":[],"parameters":[1]})", 422, R"({"detail":[{"loc":["body","parameters"],"msg":"value is not a valid dict","type":"type_error.dict"}]})"},
      {R"({"execEndpoint":[1]})", 422, R"({"detail":[{"loc":["body","execEndpoint"],"msg":"str type expected","type":"type_error.str"}]})"},
      {R"({"execEndpoint":null})", 422, R"({"detail":[{"loc":["body","execEndpoint"],"msg":"none is not an allowed value","type":"type_error.none.not_allowed"}]})"},
      {R"({"data":[{"blob":"aGVsbG8"}]})", 500, "Internal Server Error"},
      {R"({"data":[{"text":"\ud800"}]})", 500, "Internal Server Error"},
      {R"({"data":{"other":[]}})", 500, "Internal Server Error"},
      {R"({"data":[{"granularity":-1}]})", 500, "Internal Server Error"},
  };
  for (const Case& each : cases) {
    const JsonRequestError error = refused(each.body);
    EXPECT_EQ(error.http_status, each.status) << each.body;
    EXPECT_EQ(error.body, each.answer) << each.body;
  }
}

TEST(JsonRequest, PythonsWordsForMalformedText) {
  struct Case {
    const char* body;
    const char* message;
  };
  const Case cases[] = {
      {"{", "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"},
      {"{\"a\" 1}", "Expecting ':' delimiter: line 1 column 6 (char 5)"},
      {"[1 2]", "Expecting ',' delimiter: line 1 column 4 (char 3)"},
      {"{\"a\":\"b", "Unterminated string starting at: line 1 column 6 (char 5)"},
      {"{} x", "Extra data: line 1 column 4 (char 3)"},
      {"{\"ü\":\n x}", "Expecting value: line 2 column 2 (char 7)"},
      {"[\"\\q\"]", "Invalid \\escape: line 1 column 3 (char 2)"},
      {"[\"\x01\"]", "Invalid control character at: line 1 column 3 (char 2)"},
  };
  for (const Case& each : cases) EXPECT_EQ(refused(each.body).summary, each.message) << each.body;
}

TEST(JsonResponse, BothDialects) {
  wire::DataRequest response;
  wire::HeaderFields header;
  header.request_id = "r";
  header.exec_endpoint = "/upper";
  header.target_executor = "";
  response.header = Bytes::take(wire::encode_header(header));
  response.parameters = Bytes{};
  std::string routes;
  wire::append_route(routes, {"gateway", 1795408576'500946000, 1795408576'000000000, {}});
  wire::append_route(routes, {"zoo", 1795408576'500000000, {}, {}});
  response.routes = Bytes::take(std::move(routes));
  response.data = encode_documents({});
  EXPECT_EQ(write_response(response, Dialect::kHttp).value(),
            R"({"header":{"requestId":"r","status":null,"execEndpoint":"/upper","targetExecutor":""},"parameters":{},"routes":[)"
            R"({"executor":"gateway","startTime":"2026-11-23T04:36:16.500946+00:00","endTime":"2026-11-23T04:36:16+00:00","status":null},)"
            R"({"executor":"zoo","startTime":"2026-11-23T04:36:16.500000+00:00","endTime":null,"status":null}],"data":[]})");
  EXPECT_EQ(write_response(response, Dialect::kWebSocket).value(),
            R"({"header":{"request_id":"r","exec_endpoint":"/upper","target_executor":""},"parameters":{},"routes":[)"
            R"({"executor":"gateway","start_time":"2026-11-23T04:36:16.500946Z","end_time":"2026-11-23T04:36:16Z"},)"
            R"({"executor":"zoo","start_time":"2026-11-23T04:36:16.500Z"}],"data":[]})");
}

TEST(JsonResponse, NotANumberIsAnError) {
  wire::DataRequest response;
  DocumentArray docs;
  docs.emplace_back(DocumentFields{.id = "d", .tensor = Tensor::of<double>(std::vector<double>{std::nan("")})});
  response.data = encode_documents(docs);
  EXPECT_EQ(write_response(response, Dialect::kHttp).status().code, StatusCode::kInternal);
}

}  // namespace
}  // namespace jina::json
