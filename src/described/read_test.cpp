// Reading: what pydantic has no counterpart for, or does otherwise on purpose.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "jina/described.hpp"

namespace jina::described {
namespace {

namespace json = boost::json;
using testing::HasSubstr;

enum class Level : std::int8_t { kLow = -1, kNone = 0, kHigh = 1 };
BOOST_DESCRIBE_ENUM(Level, kLow, kNone, kHigh)

struct Base {
  std::string id = "none";
};
BOOST_DESCRIBE_STRUCT(Base, (), (id))

struct Point {
  int x = 0;
  int y = 0;
};
BOOST_DESCRIBE_STRUCT(Point, (), (x, y))

struct Many : Base {
  std::int8_t i8 = 1;
  std::uint8_t u8 = 1;
  std::int64_t i64 = 1;
  std::uint64_t u64 = 1;
  float f32 = 1;
  double f64 = 1;
  bool flag = false;
  Level level = Level::kHigh;
  Bytes data = Bytes::of_static("x");
  Point point = {1, 2};
  std::vector<bool> bits = {true};
  std::optional<std::vector<std::optional<int>>> list;
  std::map<std::string, Point> points = {{"a", {1, 1}}};
};
BOOST_DESCRIBE_STRUCT(Many, (Base), (i8, u8, i64, u64, f32, f64, flag, level, data, point, bits, list, points))

template <class T>
std::string read_into(T& object, std::string_view text, const ReadOptions& options = {}) {
  std::vector<InputError> errors;
  const bool good = read(type_of<T>(), &object, json::parse(text), options, {"body"}, errors);
  EXPECT_EQ(good, errors.empty());
  std::string all;
  for (const InputError& error : errors) {
    all += (all.empty() ? "" : "; ") + json::serialize(error.location) + " " + error.message + " (" + error.type + ")";
    if (!error.context.empty()) all += " " + json::serialize(error.context);
  }
  return all;
}
template <class T>
std::string problems(std::string_view text, const ReadOptions& options = {}) {
  T object;
  return read_into(object, text, options);
}

TEST(Read, IntegersFitOrAreRefused) {
  Many many;
  EXPECT_EQ(read_into(many, R"({"i8":-128,"u8":255,"i64":-9223372036854775808,"u64":18446744073709551615})"), "");
  EXPECT_EQ(many.i8, -128);
  EXPECT_EQ(many.u8, 255);
  EXPECT_EQ(many.i64, std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(many.u64, std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(read_into(many, R"({"u64":"18446744073709551615","i64":"-9223372036854775808"})"), "");
  EXPECT_EQ(many.u64, std::numeric_limits<std::uint64_t>::max());

  EXPECT_EQ(problems<Many>(R"({"i8":128})"),
            R"(["body","i8"] ensure this value is less than or equal to 127 (value_error.number.not_le) {"limit_value":127})");
  EXPECT_EQ(problems<Many>(R"({"i8":-129})"),
            R"(["body","i8"] ensure this value is greater than or equal to -128 (value_error.number.not_ge) {"limit_value":-128})");
  EXPECT_THAT(problems<Many>(R"({"u8":-1})"), HasSubstr("greater than or equal to 0"));
  EXPECT_THAT(problems<Many>(R"({"u8":256})"), HasSubstr("less than or equal to 255"));
  EXPECT_THAT(problems<Many>(R"({"i64":9223372036854775808})"), HasSubstr("less than or equal to 9223372036854775807"));
  EXPECT_THAT(problems<Many>(R"({"i64":1e300})"), HasSubstr("less than or equal to 9223372036854775807"));
  EXPECT_THAT(problems<Many>(R"({"i64":-1e300})"), HasSubstr("greater than or equal to -9223372036854775808"));
  EXPECT_THAT(problems<Many>(R"({"u64":"18446744073709551616"})"), HasSubstr("less than or equal to 18446744073709551615"));
  EXPECT_THAT(problems<Many>(R"({"u64":"-99999999999999999999"})"), HasSubstr("greater than or equal to 0"));
}

TEST(Read, NothingIsCut) {
  EXPECT_EQ(problems<Many>(R"({"i64":1.5})"), R"(["body","i64"] value is not a valid integer (type_error.integer))");
  Many many;
  EXPECT_EQ(read_into(many, R"({"i64":-3.0,"u8":2e2})"), "");
  EXPECT_EQ(many.i64, -3);
  EXPECT_EQ(many.u8, 200);
  EXPECT_EQ(read_into(many, R"({"f32":3.4028235e38,"f64":1e308})"), "");
  EXPECT_THAT(problems<Many>(R"({"f32":1e39})"), HasSubstr("value_error.number.not_le"));
  EXPECT_THAT(problems<Many>(R"({"f32":-1e39})"), HasSubstr("value_error.number.not_ge"));
  EXPECT_EQ(read_into(many, R"({"f32":"-inf"})"), "");
  EXPECT_EQ(many.f32, -std::numeric_limits<float>::infinity());
}

TEST(Read, WithoutCoercionTypesAreExact) {
  const ReadOptions exact{.coerce = false};
  Many many;
  EXPECT_EQ(read_into(many, R"({"i64":3.0,"f64":1,"flag":true,"id":"a","level":"kLow"})", exact), "");
  EXPECT_EQ(many.i64, 3);
  EXPECT_EQ(many.level, Level::kLow);
  EXPECT_EQ(problems<Many>(R"({"flag":1})", exact), R"(["body","flag"] value is not a valid boolean (value_error.strictboolean))");
  EXPECT_EQ(problems<Many>(R"({"flag":"true"})", exact),
            R"(["body","flag"] value is not a valid boolean (value_error.strictboolean))");
  EXPECT_EQ(problems<Many>(R"({"i64":"3"})", exact), R"(["body","i64"] value is not a valid integer (type_error.integer))");
  EXPECT_EQ(problems<Many>(R"({"i64":true})", exact), R"(["body","i64"] value is not a valid integer (type_error.integer))");
  EXPECT_EQ(problems<Many>(R"({"f64":"1"})", exact), R"(["body","f64"] value is not a valid float (type_error.float))");
  EXPECT_EQ(problems<Many>(R"({"id":3})", exact), R"(["body","id"] str type expected (type_error.str))");
}

TEST(Read, UnknownMembersAreIgnoredOrRefused) {
  EXPECT_EQ(problems<Many>(R"({"x":1,"point":{"x":1,"y":1,"z":2}})"), "");
  EXPECT_EQ(problems<Many>(R"({"x":1,"point":{"x":"no","y":1,"z":2}})", {.unknown = Unknown::kRefuse}),
            R"(["body","point","x"] value is not a valid integer (type_error.integer); )"
            R"(["body","point","z"] extra fields not permitted (value_error.extra); )"
            R"(["body","x"] extra fields not permitted (value_error.extra))");
}

TEST(Read, BytesAreBase64) {
  Many many;
  EXPECT_EQ(read_into(many, R"({"data":"aGVsbG8="})"), "");
  EXPECT_EQ(many.data.view(), "hello");
  EXPECT_EQ(problems<Many>(R"({"data":"?"})"), R"(["body","data"] value is not valid base64 (value_error.base64))");
  EXPECT_EQ(problems<Many>(R"({"data":[]})"), R"(["body","data"] byte type expected (type_error.bytes))");
}

TEST(Read, ContainersAreReplaced) {
  Many many;
  EXPECT_EQ(read_into(many, R"({"bits":[false,"yes"],"list":[1,null],"points":{"b":{"x":3,"y":4}}})"), "");
  EXPECT_EQ(many.bits, (std::vector<bool>{false, true}));
  EXPECT_EQ(many.list, (std::vector<std::optional<int>>{1, std::nullopt}));
  ASSERT_EQ(many.points.size(), 1u);
  EXPECT_EQ(many.points.at("b").y, 4);
  EXPECT_EQ(read_into(many, R"({"list":null})"), "");
  EXPECT_EQ(many.list, std::nullopt);
}

TEST(Read, InheritedMembersCount) {
  Many many;
  EXPECT_EQ(read_into(many, R"({"id":"me"})"), "");
  EXPECT_EQ(many.id, "me");
}

struct Required {
  std::string text;
  int number = 0;
  double real = 0;
  std::vector<int> list;
  std::map<std::string, int> map;
  Level level = Level::kNone;
  Bytes data;
  Point point;          // its members are required
  Point half = {1, 0};  // one of them still is
  json::object object;
  json::array array;
};
BOOST_DESCRIBE_STRUCT(Required, (), (text, number, real, list, map, level, data, point, half, object, array))

struct Free {
  bool flag = false;
  std::optional<int> optional;
  json::value any;
  std::string text = "x";
  int number = -1;
  Level level = Level::kLow;
  Point point = {1, 2};
  Defaulted<std::string> empty;
  Defaulted<int> zero = 0;
  Defaulted<Point> origin;
  Defaulted<Level> none = Level::kNone;
};
BOOST_DESCRIBE_STRUCT(Free, (), (flag, optional, any, text, number, level, point, empty, zero, origin, none))

TEST(Read, RequiredIsWhatHasNoDefault) {
  for (const MemberFacts& member : members_of(type_of<Required>())) EXPECT_TRUE(member.required) << member.name;
  for (const MemberFacts& member : members_of(type_of<Free>())) EXPECT_FALSE(member.required) << member.name;
  Free free;
  EXPECT_EQ(read_into(free, "{}"), "");
  EXPECT_EQ(free.text, "x");
  EXPECT_EQ(read_into(free, R"({"zero":5,"empty":"full","origin":{"x":1,"y":2},"none":"kHigh"})"), "");
  EXPECT_EQ(free.zero, 5);
  EXPECT_EQ(*free.empty, "full");
  EXPECT_EQ(free.origin->y, 2);
  EXPECT_EQ(*free.none, Level::kHigh);
  Required required;
  EXPECT_EQ(
      read_into(required, R"({"text":"","number":0,"real":0,"list":[],"map":{},"level":"kNone","data":"","point":{"x":0,"y":0},
                                    "half":{"x":0,"y":0},"object":{},"array":[]})"),
      "");
}

TEST(Read, ErrorsHaveAnEnd) {
  std::string text = "[";
  for (int i = 0; i < 5000; ++i) text += "\"x\",";
  std::vector<int> list;
  std::vector<InputError> errors;
  EXPECT_FALSE(read(type_of<std::vector<int>>(), &list, json::parse(text + "1]"), {}, {"body"}, errors));
  EXPECT_EQ(errors.size(), 1000u);
}

TEST(Read, RootsOfAnyKind) {
  std::vector<Point> points;
  EXPECT_EQ(read_into(points, R"([{"x":1,"y":2},{"x":3}])"), R"(["body",1,"y"] field required (value_error.missing))");
  int number = 0;
  EXPECT_EQ(read_into(number, "7"), "");
  EXPECT_EQ(number, 7);
  EXPECT_EQ(problems<int>("null"), R"(["body"] none is not an allowed value (type_error.none.not_allowed))");
  json::value any;
  EXPECT_EQ(read_into(any, R"({"a":[1]})"), "");
  EXPECT_EQ(any, (json::value{{"a", json::array{1}}}));
}

}  // namespace
}  // namespace jina::described
