// Which parameters an Executor sees (wire facts, section 5).
#include "document/parameters.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "document/struct_codec.hpp"
#include "wire/data_request.hpp"
#include "wire/golden_messages.hpp"

namespace jina {
namespace {

namespace json = boost::json;
namespace recorded = testing_data;
using testing::HasSubstr;

Bytes encoded(std::string_view text) { return Bytes::take(encode_struct(json::parse(text).as_object())); }
json::object decoded(const Bytes& bytes) { return decode_struct(bytes.view()).value(); }

json::object seen_by(std::string_view executor, std::string_view parameters) {
  return decoded(parameters_for_executor(encoded(parameters), executor).value());
}

struct Case {
  const char* parameters;
  const char* executor;
  const char* seen;
};

TEST(ParametersForExecutor, Rules) {
  const Case cases[] = {
      {R"({"k": 1.0, "zoo__k": 2.0})", "zoo", R"({"k": 2.0})"},
      {R"({"k": 1.0, "zoo__k": 2.0})", "other", R"({"k": 1.0})"},
      {R"({"zoo__k": 2.0, "k": 1.0})", "zoo", R"({"k": 2.0})"},
      {R"({"z__oo__w": 3.0})", "zoo", R"({"w": 3.0})"},
      {R"({"z__oo__w": 3.0})", "z", R"({})"},
      {R"({"__x": 1.0, "y__": 2.0, "__": 3.0})", "zoo", R"({"__x": 1.0, "y__": 2.0, "__": 3.0})"},
      {R"({"zoo": {"k": 5.0}, "k": 1.0})", "zoo", R"({"zoo": {"k": 5.0}, "k": 5.0})"},
      {R"({"zoo": {"k": 5.0}, "k": 1.0})", "other", R"({"zoo": {"k": 5.0}, "k": 1.0})"},
      {R"({"zoo": {"k": 5.0}, "zoo__k": 2.0, "k": 1.0})", "zoo", R"({"zoo": {"k": 5.0}, "k": 5.0})"},
      {R"({"zoo": {}})", "zoo", R"({"zoo": {}})"},
      {R"({"zoo": null, "a": true})", "zoo", R"({"zoo": null, "a": true})"},
      {R"({"zoo": 0.0})", "zoo", R"({"zoo": 0.0})"},
      {R"({"zoo___k": 1.0})", "zoo", R"({"_k": 1.0})"},
      {R"({"a__b": {"c__d": 1.0}})", "a", R"({"b": {"c__d": 1.0}})"},
  };
  for (const Case& c : cases)
    EXPECT_EQ(seen_by(c.executor, c.parameters), json::parse(c.seen).as_object()) << c.parameters << " for " << c.executor;
}

TEST(ParametersForExecutor, NothingToDoCostsNoCopy) {
  const Bytes parameters = encoded(R"({"k": 1.0, "nested": {"a__b": 1.0}, "__x": 2.0})");
  EXPECT_EQ(parameters_for_executor(parameters, "zoo").value().data(), parameters.data());
  EXPECT_TRUE(parameters_for_executor(Bytes{}, "zoo").value().empty());
}

TEST(ParametersForExecutor, AValueUnderAnExecutorsNameMustBeAnObject) {
  struct Wrong {
    const char* parameters;
    const char* type;
  };
  for (const Wrong& wrong : {Wrong{R"({"zoo": 5.0})", "float"}, Wrong{R"({"zoo": "x"})", "str"}, Wrong{R"({"zoo": true})", "bool"},
                             Wrong{R"({"zoo": [1.0]})", "list"}}) {
    const Status status = parameters_for_executor(encoded(wrong.parameters), "zoo").status();
    EXPECT_EQ(status.code, StatusCode::kUnknown);
    EXPECT_THAT(status.message,
                HasSubstr("Unexpected <class 'TypeError'>: dict.update() argument after ** must be a mapping, not " +
                          std::string(wrong.type)));
    EXPECT_THAT(status.message, HasSubstr("'zoo'"));
  }
}

TEST(ParametersForExecutor, MalformedBytesAreRefused) {
  EXPECT_EQ(parameters_for_executor(Bytes::copy_of("\x0a\x05x"), "zoo").status().code, StatusCode::kInvalidArgument);
  EXPECT_EQ(parameters_for_executor(Bytes::copy_of("\x0a\x02\x0a\x05"), "zoo").status().code, StatusCode::kInvalidArgument);
}

TEST(ParametersForExecutor, AsRecorded) {
  const auto parameters = [](std::string_view hex) {
    return *wire::DataRequest::parse(Buffer::take(recorded::from_hex(hex))).value().parameters;
  };
  EXPECT_EQ(decoded(parameters_for_executor(parameters(recorded::kParamsSpecificReq), "zoo").value()),
            decoded(parameters(recorded::kParamsSpecificUp0Req)));
}

TEST(Results, JoinerSeesAnEmptyObject) {
  EXPECT_EQ(decoded(parameters_with_results_key(encoded(R"({"k": 1.0})")).value()),
            json::parse(R"({"k": 1.0, "__results__": {}})").as_object());
  const Bytes filled = encoded(R"({"__results__": {"a": 1.0}})");
  EXPECT_EQ(parameters_with_results_key(filled).value().data(), filled.data());
  EXPECT_FALSE(parameters_with_results_key(Bytes::copy_of("\x0a\x05x")).ok());
}

TEST(Results, AreMergedOverTheClientsParameters) {
  ResultsCollector results;
  results.add(encoded(R"({"k": 2.0, "__results__": {"a/rep-0": {"n": 1.0}, "b": 1.0}})").view());
  results.add(encoded(R"({"k": 3.0})").view());
  results.add(encoded(R"({"__results__": {"b": 2.0}})").view());
  results.add(encoded(R"({"__results__": 7.0})").view());
  results.add("\x0a\x0f\x0a\x0b__results__\x12\x05");
  EXPECT_EQ(decoded(results.merge_into(encoded(R"({"k": 1.0, "__results__": 5.0})"))),
            json::parse(R"({"k": 1.0, "__results__": {"a/rep-0": {"n": 1.0}, "b": 2.0}})").as_object());
}

TEST(Results, NoneLeaveTheParametersAlone) {
  ResultsCollector results;
  results.add(encoded(R"({"__results__": {}})").view());
  EXPECT_TRUE(results.empty());
  const Bytes parameters = encoded(R"({"k": 1.0})");
  EXPECT_EQ(results.merge_into(parameters).data(), parameters.data());
}

TEST(Results, AsRecorded) {
  const auto parameters = [](std::string_view hex) {
    return *wire::DataRequest::parse(Buffer::take(recorded::from_hex(hex))).value().parameters;
  };
  ResultsCollector results;
  results.add(parameters(recorded::kParamsResultsUp0Resp).view());
  json::object client = decoded(parameters(recorded::kParamsResultsResp));
  EXPECT_TRUE(client.contains("__results__"));
  const json::object expected = client;
  client.erase("__results__");
  EXPECT_EQ(decoded(results.merge_into(Bytes::take(encode_struct(client)))), expected);
}

}  // namespace
}  // namespace jina
