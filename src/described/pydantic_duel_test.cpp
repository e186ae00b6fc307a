// Answers of FastAPI 0.99 with pydantic v1 to one model and many inputs, and what this library makes of the same.
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "described/duel_types.hpp"

namespace jina::duel {
namespace {

namespace json = boost::json;

struct Case {
  const char* member;
  const char* value;     ///< null: left out
  bool good;             ///< answered with 200
  const char* expected;  ///< the member as FastAPI sends it back, or `detail` of the 422
};

const Case kCases[] = {
    {"text", nullptr, false, R"([{"loc":["body","text"],"msg":"field required","type":"value_error.missing"}])"},
    {"mode", nullptr, false, R"([{"loc":["body","mode"],"msg":"field required","type":"value_error.missing"}])"},
    {"weights", nullptr, false, R"([{"loc":["body","weights"],"msg":"field required","type":"value_error.missing"}])"},
    {"limits", nullptr, false, R"([{"loc":["body","limits"],"msg":"field required","type":"value_error.missing"}])"},
    {"root", nullptr, false, R"([{"loc":["body","root"],"msg":"field required","type":"value_error.missing"}])"},
    {"nested", nullptr, false, R"([{"loc":["body","nested"],"msg":"field required","type":"value_error.missing"}])"},
    {"obj", nullptr, false, R"([{"loc":["body","obj"],"msg":"field required","type":"value_error.missing"}])"},
    {"arr", nullptr, false, R"([{"loc":["body","arr"],"msg":"field required","type":"value_error.missing"}])"},
    {"text", R"(null)", false,
     R"([{"loc":["body","text"],"msg":"none is not an allowed value","type":"type_error.none.not_allowed"}])"},
    {"text", R"("")", false,
     R"([{"loc":["body","text"],"msg":"ensure this value has at least 1 characters","type":"value_error.any_str.min_length","ctx":{"limit_value":1}}])"},
    {"text", R"("toolong")", false,
     R"([{"loc":["body","text"],"msg":"ensure this value has at most 5 characters","type":"value_error.any_str.max_length","ctx":{"limit_value":5}}])"},
    {"text", R"(5)", true, R"("5")"},
    {"text", R"(1.0)", true, R"("1.0")"},
    {"text", R"(0.1)", true, R"("0.1")"},
    {"text", R"(1e+100)", false,
     R"([{"loc":["body","text"],"msg":"ensure this value has at most 5 characters","type":"value_error.any_str.max_length","ctx":{"limit_value":5}}])"},
    {"text", R"(-7)", true, R"("-7")"},
    {"text", R"(true)", true, R"("True")"},
    {"text", R"([])", false, R"([{"loc":["body","text"],"msg":"str type expected","type":"type_error.str"}])"},
    {"text", R"({})", false, R"([{"loc":["body","text"],"msg":"str type expected","type":"type_error.str"}])"},
    {"text", R"("äöü€é")", true, R"("äöü€é")"},
    {"text", R"("éééééé")", false,
     R"([{"loc":["body","text"],"msg":"ensure this value has at most 5 characters","type":"value_error.any_str.max_length","ctx":{"limit_value":5}}])"},
    {"top_k", R"("3")", true, R"(3)"},
    {"top_k", R"(" 3 ")", true, R"(3)"},
    {"top_k", R"("1_0")", true, R"(10)"},
    {"top_k", R"("+5")", true, R"(5)"},
    {"top_k", R"("007")", true, R"(7)"},
    {"top_k", R"("3.0")", false, R"([{"loc":["body","top_k"],"msg":"value is not a valid integer","type":"type_error.integer"}])"},
    {"top_k", R"("")", false, R"([{"loc":["body","top_k"],"msg":"value is not a valid integer","type":"type_error.integer"}])"},
    {"top_k", R"("x")", false, R"([{"loc":["body","top_k"],"msg":"value is not a valid integer","type":"type_error.integer"}])"},
    {"top_k", R"("1__0")", false, R"([{"loc":["body","top_k"],"msg":"value is not a valid integer","type":"type_error.integer"}])"},
    {"top_k", R"(7.0)", true, R"(7)"},
    {"top_k", R"(true)", true, R"(1)"},
    {"top_k", R"(false)", false,
     R"([{"loc":["body","top_k"],"msg":"ensure this value is greater than or equal to 1","type":"value_error.number.not_ge","ctx":{"limit_value":1}}])"},
    {"top_k", R"(0)", false,
     R"([{"loc":["body","top_k"],"msg":"ensure this value is greater than or equal to 1","type":"value_error.number.not_ge","ctx":{"limit_value":1}}])"},
    {"top_k", R"(-5)", false,
     R"([{"loc":["body","top_k"],"msg":"ensure this value is greater than or equal to 1","type":"value_error.number.not_ge","ctx":{"limit_value":1}}])"},
    {"top_k", R"(101)", false,
     R"([{"loc":["body","top_k"],"msg":"ensure this value is less than or equal to 100","type":"value_error.number.not_le","ctx":{"limit_value":100}}])"},
    {"top_k", R"("99999999999999999999999")", false,
     R"([{"loc":["body","top_k"],"msg":"ensure this value is less than or equal to 100","type":"value_error.number.not_le","ctx":{"limit_value":100}}])"},
    {"top_k", R"(null)", false,
     R"([{"loc":["body","top_k"],"msg":"none is not an allowed value","type":"type_error.none.not_allowed"}])"},
    {"top_k", R"([])", false, R"([{"loc":["body","top_k"],"msg":"value is not a valid integer","type":"type_error.integer"}])"},
    {"top_k", R"({})", false, R"([{"loc":["body","top_k"],"msg":"value is not a valid integer","type":"type_error.integer"}])"},
    {"ratio", R"(0)", false,
     R"([{"loc":["body","ratio"],"msg":"ensure this value is greater than 0","type":"value_error.number.not_gt","ctx":{"limit_value":0}}])"},
    {"ratio", R"(1)", false,
     R"([{"loc":["body","ratio"],"msg":"ensure this value is less than 1","type":"value_error.number.not_lt","ctx":{"limit_value":1}}])"},
    {"ratio", R"(0.25)", true, R"(0.25)"},
    {"ratio", R"("1e-1")", true, R"(0.1)"},
    {"ratio", R"(".5")", true, R"(0.5)"},
    {"ratio", R"("x")", false, R"([{"loc":["body","ratio"],"msg":"value is not a valid float","type":"type_error.float"}])"},
    {"ratio", R"("nan")", false,
     R"([{"loc":["body","ratio"],"msg":"ensure this value is greater than 0","type":"value_error.number.not_gt","ctx":{"limit_value":0}}])"},
    {"ratio", R"(true)", false,
     R"([{"loc":["body","ratio"],"msg":"ensure this value is less than 1","type":"value_error.number.not_lt","ctx":{"limit_value":1}}])"},
    {"ratio", R"(null)", false,
     R"([{"loc":["body","ratio"],"msg":"none is not an allowed value","type":"type_error.none.not_allowed"}])"},
    {"ratio", R"([])", false, R"([{"loc":["body","ratio"],"msg":"value is not a valid float","type":"type_error.float"}])"},
    {"threshold", R"(null)", true, R"(null)"},
    {"threshold", R"(3)", true, R"(3.0)"},
    {"threshold", R"("x")", false,
     R"([{"loc":["body","threshold"],"msg":"value is not a valid float","type":"type_error.float"}])"},
    {"threshold", R"(1e+16)", true, R"(1e+16)"},
    {"threshold", R"(1e-05)", true, R"(1e-05)"},
    {"threshold", R"(123456789.123)", true, R"(123456789.123)"},
    {"fast", R"("yes")", true, R"(true)"},
    {"fast", R"("ON")", true, R"(true)"},
    {"fast", R"("t")", true, R"(true)"},
    {"fast", R"("N")", true, R"(false)"},
    {"fast", R"("off")", true, R"(false)"},
    {"fast", R"(1)", true, R"(true)"},
    {"fast", R"(1.0)", true, R"(true)"},
    {"fast", R"(0)", true, R"(false)"},
    {"fast", R"(2)", false, R"([{"loc":["body","fast"],"msg":"value could not be parsed to a boolean","type":"type_error.bool"}])"},
    {"fast", R"([])", false,
     R"([{"loc":["body","fast"],"msg":"value could not be parsed to a boolean","type":"type_error.bool"}])"},
    {"fast", R"({})", false,
     R"([{"loc":["body","fast"],"msg":"value could not be parsed to a boolean","type":"type_error.bool"}])"},
    {"fast", R"(null)", false,
     R"([{"loc":["body","fast"],"msg":"none is not an allowed value","type":"type_error.none.not_allowed"}])"},
    {"fast", R"("")", false,
     R"([{"loc":["body","fast"],"msg":"value could not be parsed to a boolean","type":"type_error.bool"}])"},
    {"fast", R"("maybe")", false,
     R"([{"loc":["body","fast"],"msg":"value could not be parsed to a boolean","type":"type_error.bool"}])"},
    {"mode", R"("slow")", false,
     R"([{"loc":["body","mode"],"msg":"value is not a valid enumeration member; permitted: 'fast', 'exact'","type":"type_error.enum","ctx":{"enum_values":["fast","exact"]}}])"},
    {"mode", R"(1)", false,
     R"([{"loc":["body","mode"],"msg":"value is not a valid enumeration member; permitted: 'fast', 'exact'","type":"type_error.enum","ctx":{"enum_values":["fast","exact"]}}])"},
    {"mode", R"(null)", false,
     R"([{"loc":["body","mode"],"msg":"none is not an allowed value","type":"type_error.none.not_allowed"}])"},
    {"mode", R"([])", false,
     R"([{"loc":["body","mode"],"msg":"value is not a valid enumeration member; permitted: 'fast', 'exact'","type":"type_error.enum","ctx":{"enum_values":["fast","exact"]}}])"},
    {"mode", R"("exact")", true, R"("exact")"},
    {"names", R"([])", false,
     R"([{"loc":["body","names"],"msg":"ensure this value has at least 1 items","type":"value_error.list.min_items","ctx":{"limit_value":1}}])"},
    {"names", R"(["a","b","c"])", false,
     R"([{"loc":["body","names"],"msg":"ensure this value has at most 2 items","type":"value_error.list.max_items","ctx":{"limit_value":2}}])"},
    {"names", R"("a")", false, R"([{"loc":["body","names"],"msg":"value is not a valid list","type":"type_error.list"}])"},
    {"names", R"([1,null])", false,
     R"([{"loc":["body","names",1],"msg":"none is not an allowed value","type":"type_error.none.not_allowed"}])"},
    {"names", R"([[],{}])", false,
     R"([{"loc":["body","names",0],"msg":"str type expected","type":"type_error.str"},{"loc":["body","names",1],"msg":"str type expected","type":"type_error.str"}])"},
    {"names", R"({})", false, R"([{"loc":["body","names"],"msg":"value is not a valid list","type":"type_error.list"}])"},
    {"names", R"(null)", false,
     R"([{"loc":["body","names"],"msg":"none is not an allowed value","type":"type_error.none.not_allowed"}])"},
    {"names", R"([1,2.5])", true, R"(["1","2.5"])"},
    {"weights", R"("x")", false, R"([{"loc":["body","weights"],"msg":"value is not a valid dict","type":"type_error.dict"}])"},
    {"weights", R"(5)", false, R"([{"loc":["body","weights"],"msg":"value is not a valid dict","type":"type_error.dict"}])"},
    {"weights", R"({"a":"x","b":null,"c":"3"})", false,
     R"([{"loc":["body","weights","a"],"msg":"value is not a valid integer","type":"type_error.integer"},{"loc":["body","weights","b"],"msg":"none is not an allowed value","type":"type_error.none.not_allowed"}])"},
    {"weights", R"({"a":"4","b":true})", true, R"({"a":4,"b":1})"},
    {"weights", R"(null)", false,
     R"([{"loc":["body","weights"],"msg":"none is not an allowed value","type":"type_error.none.not_allowed"}])"},
    {"limits", R"("x")", false, R"([{"loc":["body","limits"],"msg":"value is not a valid dict","type":"type_error.dict"}])"},
    {"limits", R"({"low":"x","other":1})", false,
     R"([{"loc":["body","limits","low"],"msg":"value is not a valid integer","type":"type_error.integer"}])"},
    {"limits", R"({})", false, R"([{"loc":["body","limits","low"],"msg":"field required","type":"value_error.missing"}])"},
    {"limits", R"(null)", false,
     R"([{"loc":["body","limits"],"msg":"none is not an allowed value","type":"type_error.none.not_allowed"}])"},
    {"limits", R"({"low":"5","high":"2"})", true, R"({"low":5,"high":2.0})"},
    {"limits2", R"({})", false, R"([{"loc":["body","limits2","low"],"msg":"field required","type":"value_error.missing"}])"},
    {"limits3", R"({"low":[]})", false,
     R"([{"loc":["body","limits3","low"],"msg":"value is not a valid integer","type":"type_error.integer"}])"},
    {"limits3", R"(null)", true, R"(null)"},
    {"limits3", R"({"low":1})", true, R"({"low":1,"high":null})"},
    {"root", R"({"name":"a","children":[{"name":"b","children":[{}]}]})", false,
     R"([{"loc":["body","root","children",0,"children",0,"name"],"msg":"field required","type":"value_error.missing"}])"},
    {"root", R"({"name":"a","children":[{"name":"b","children":[{"name":"c"}]}]})", true,
     R"({"name":"a","children":[{"name":"b","children":[{"name":"c","children":[]}]}]})"},
    {"root", R"({"name":"a","children":{}})", false,
     R"([{"loc":["body","root","children"],"msg":"value is not a valid list","type":"type_error.list"}])"},
    {"nested", R"([[1,"x"],2])", false,
     R"([{"loc":["body","nested",0,1],"msg":"value is not a valid integer","type":"type_error.integer"},{"loc":["body","nested",1],"msg":"value is not a valid list","type":"type_error.list"}])"},
    {"nested", R"([[1,"2"],[]])", true, R"([[1,2],[]])"},
    {"nested", R"([null])", false,
     R"([{"loc":["body","nested",0],"msg":"none is not an allowed value","type":"type_error.none.not_allowed"}])"},
    {"code", R"("ABC")", false,
     R"([{"loc":["body","code"],"msg":"string does not match regex \"^[a-z]+$\"","type":"value_error.str.regex","ctx":{"pattern":"^[a-z]+$"}}])"},
    {"code", R"("abc9")", false,
     R"([{"loc":["body","code"],"msg":"string does not match regex \"^[a-z]+$\"","type":"value_error.str.regex","ctx":{"pattern":"^[a-z]+$"}}])"},
    {"code", R"("xyz")", true, R"("xyz")"},
    {"obj", R"(1)", false, R"([{"loc":["body","obj"],"msg":"value is not a valid dict","type":"type_error.dict"}])"},
    {"obj", R"("x")", false, R"([{"loc":["body","obj"],"msg":"value is not a valid dict","type":"type_error.dict"}])"},
    {"obj", R"({"a":[1,null,{"b":1.5}]})", true, R"({"a":[1,null,{"b":1.5}]})"},
    {"obj", R"(null)", false,
     R"([{"loc":["body","obj"],"msg":"none is not an allowed value","type":"type_error.none.not_allowed"}])"},
    {"arr", R"({})", false, R"([{"loc":["body","arr"],"msg":"value is not a valid list","type":"type_error.list"}])"},
    {"arr", R"(1)", false, R"([{"loc":["body","arr"],"msg":"value is not a valid list","type":"type_error.list"}])"},
    {"arr", R"([1,"a",null,[2.0]])", true, R"([1,"a",null,[2.0]])"},
    {"tags", R"(["a"])", false,
     R"([{"loc":["body","tags",0],"msg":"ensure this value has at least 2 characters","type":"value_error.any_str.min_length","ctx":{"limit_value":2}}])"},
    {"tags", R"(["aa","b","cc"])", false,
     R"([{"loc":["body","tags",1],"msg":"ensure this value has at least 2 characters","type":"value_error.any_str.min_length","ctx":{"limit_value":2}}])"},
    {"flags", R"([1,"off",false])", true, R"([true,false,false])"},
    {"flags", R"(["x",null])", false,
     R"([{"loc":["body","flags",0],"msg":"value could not be parsed to a boolean","type":"type_error.bool"},{"loc":["body","flags",1],"msg":"none is not an allowed value","type":"type_error.none.not_allowed"}])"},
    {"extra", R"(null)", true, R"(null)"},
    {"extra", R"({"a":[1]})", true, R"({"a":[1]})"},
    {"extra", R"("x")", true, R"("x")"},
    {"unknown", R"(1)", true, R"(null)"},
    {"offset", R"(0)", true, R"(0)"},
    {"offset", nullptr, true, R"(0)"},
};

json::array detail(const std::vector<InputError>& errors) {
  json::array all;
  for (const InputError& error : errors) {
    json::object each = {{"loc", error.location}, {"msg", error.message}, {"type", error.type}};
    if (!error.context.empty()) each["ctx"] = error.context;
    all.push_back(std::move(each));
  }
  return all;
}

std::vector<InputError> read(const json::value& body, Ask& ask) {
  std::vector<InputError> errors;
  const bool good = described::read(described::type_of<Ask>(), &ask, body, {}, {"body"}, errors);
  EXPECT_EQ(good, errors.empty());
  return errors;
}

const json::object kGood = {{"text", "a"},
                            {"mode", "fast"},
                            {"weights", json::object()},
                            {"limits", {{"low", 1}}},
                            {"root", {{"name", "r"}}},
                            {"nested", json::array()},
                            {"obj", json::object()},
                            {"arr", json::array()}};

TEST(PydanticDuel, EachInputIsReadOrRefusedAsByFastApi) {
  for (const Case& each : kCases) {
    SCOPED_TRACE(std::string(each.member) + " = " + (each.value != nullptr ? each.value : "(left out)"));
    json::object body = kGood;
    if (each.value != nullptr) {
      body[each.member] = json::parse(each.value);
    } else {
      body.erase(each.member);
    }
    Ask ask;
    const std::vector<InputError> errors = read(body, ask);
    EXPECT_EQ(errors.empty(), each.good) << json::serialize(detail(errors));
    if (!each.good) {
      EXPECT_EQ(json::value(detail(errors)), json::parse(each.expected)) << json::serialize(detail(errors));
    } else if (errors.empty() && std::string_view(each.member) != "unknown") {
      std::string text;
      described::write(described::type_of<Ask>(), &ask, text);
      EXPECT_NE(text.find("\"" + std::string(each.member) + "\":" + each.expected), text.npos) << text;
      EXPECT_EQ(json::serialize(described::to_json(ask)), json::serialize(json::parse(text)));
    }
  }
}

TEST(PydanticDuel, WhatIsLeftOutHasItsDefault) {
  Ask ask;
  ASSERT_TRUE(read(kGood, ask).empty());
  std::string text;
  described::write(described::type_of<Ask>(), &ask, text);
  EXPECT_EQ(
      text,
      R"({"text":"a","top_k":10,"ratio":0.5,"threshold":null,"fast":false,"mode":"fast","mode2":"exact","names":["x"],"weights":{},)"
      R"("limits":{"low":1,"high":null},"limits2":{"low":3,"high":null},"limits3":null,"extra":null,"root":{"name":"r","children":[]},)"
      R"("nested":[],"code":"abc","obj":{},"arr":[],"tags":["aa"],"flags":[true],"offset":0})");
}

TEST(PydanticDuel, AllErrorsComeInTheOrderOfTheMembers) {
  Ask ask;
  EXPECT_EQ(json::value(detail(read(json::object(), ask))), json::parse(R"([
      {"loc":["body","text"],"msg":"field required","type":"value_error.missing"},
      {"loc":["body","mode"],"msg":"field required","type":"value_error.missing"},
      {"loc":["body","weights"],"msg":"field required","type":"value_error.missing"},
      {"loc":["body","limits"],"msg":"field required","type":"value_error.missing"},
      {"loc":["body","root"],"msg":"field required","type":"value_error.missing"},
      {"loc":["body","nested"],"msg":"field required","type":"value_error.missing"},
      {"loc":["body","obj"],"msg":"field required","type":"value_error.missing"},
      {"loc":["body","arr"],"msg":"field required","type":"value_error.missing"}])"));
  EXPECT_EQ(json::value(detail(read(5, ask))),
            json::parse(R"([{"loc":["body"],"msg":"value is not a valid dict","type":"type_error.dict"}])"));
  json::object body = kGood;
  body["text"] = nullptr;
  body["top_k"] = "x";
  body["limits"] = {{"high", "y"}};
  body["nested"] = {{"a"}, 3};
  body["nested"].get_array()[0] = json::array{"a"};
  EXPECT_EQ(json::value(detail(read(body, ask))), json::parse(R"([
      {"loc":["body","text"],"msg":"none is not an allowed value","type":"type_error.none.not_allowed"},
      {"loc":["body","top_k"],"msg":"value is not a valid integer","type":"type_error.integer"},
      {"loc":["body","limits","low"],"msg":"field required","type":"value_error.missing"},
      {"loc":["body","limits","high"],"msg":"value is not a valid float","type":"type_error.float"},
      {"loc":["body","nested",0,0],"msg":"value is not a valid integer","type":"type_error.integer"},
      {"loc":["body","nested",1],"msg":"value is not a valid list","type":"type_error.list"}])"));
}

}  // namespace
}  // namespace jina::duel
