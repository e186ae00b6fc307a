// Forms, multipart bodies, cookies: what browsers send, and what nobody should.
#include "app/forms/form.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/forms/cookies.hpp"
#include "app/forms/header_params.hpp"
#include "app/forms/multipart.hpp"

namespace jina::app {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

constexpr std::string_view kType = "multipart/form-data; boundary=XX";

std::string part(const std::string& disposition, const std::string& content, const std::string& more = {}) {
  return "--XX\r\nContent-Disposition: " + disposition + "\r\n" + more + "\r\n" + content + "\r\n";
}
Result<FormData> parse(const std::string& body, std::string_view type = kType, const FormLimits& limits = {}) {
  return parse_form(type, Bytes::copy_of(body), limits);
}
StatusCode code_of(const std::string& body, std::string_view type = kType, const FormLimits& limits = {}) {
  return parse(body, type, limits).status().code;
}

TEST(Multipart, FieldsAndFiles) {
  const std::string body = part("form-data; name=\"title\"", "a\r\nb") + part("form-data; name=title", "") +
                           part("form-data; name=\"file\"; filename=\"x y.png\"", std::string("\0\r\n--X\r\n--Y\xff", 13),
                                "Content-Type: image/png\r\nX-Extra: 1\r\n") +
                           "--XX--\r\n";
  const Bytes bytes = Bytes::copy_of(body);
  Result<FormData> form = parse_form(kType, bytes);
  ASSERT_TRUE(form.ok()) << form.error().message;
  EXPECT_THAT(form->fields, ElementsAre(Pair("title", "a\r\nb"), Pair("title", "")));
  ASSERT_EQ(form->files.size(), 1u);
  const UploadFile& file = form->files[0].second;
  EXPECT_EQ(form->files[0].first, "file");
  EXPECT_EQ(file.filename, "x y.png");
  EXPECT_EQ(file.content_type, "image/png");
  EXPECT_EQ(*find_value(file.headers, "x-extra"), "1");
  EXPECT_EQ(file.content.view(), std::string_view("\0\r\n--X\r\n--Y\xff", 13));
  // A slice, not a copy.
  EXPECT_GE(file.content.data(), bytes.data());
  EXPECT_LT(file.content.data(), bytes.data() + bytes.size());
}

TEST(Multipart, CutAnywhereIsMalformed) {
  const std::string body = part("form-data; name=\"a\"", "one") +
                           part("form-data; name=\"f\"; filename=\"f\"", "two\r\n--X", "Content-Type: text/plain\r\n") + "--XX--";
  ASSERT_TRUE(parse(body).ok());
  for (std::size_t size = 0; size < body.size(); ++size)
    EXPECT_EQ(code_of(body.substr(0, size)), StatusCode::kInvalidArgument) << size;
  EXPECT_TRUE(parse(body + "\r\nan epilogue").ok());
  EXPECT_TRUE(parse("a preamble\r\n" + body).ok());
}

TEST(Multipart, AByteMoreOrLessNeverReadsOutside) {
  const std::string body = part("form-data; name=\"a\"; filename*=UTF-8''%41", "one") + "--XX--";
  for (std::size_t at = 0; at < body.size(); ++at) {
    for (const char c : {'\r', '\n', '-', '"', ';', ':', '\0', '\\', '\xff', ' '}) {
      std::string changed = body;
      changed[at] = c;
      (void)parse(changed);  // either answer is right; sanitizers watch
      (void)parse(body.substr(0, at) + c + body.substr(at));
    }
    (void)parse(body.substr(0, at) + body.substr(at + 1));
  }
}

TEST(Multipart, BoundariesThatAreNone) {
  // Content that looks like the beginning of one.
  Result<FormData> form = parse(part("form-data; name=\"a\"", "x\r\n--X\r\n-XX--\r\n--") + "--XX--");
  ASSERT_TRUE(form.ok()) << form.error().message;
  EXPECT_EQ(form->fields[0].second, "x\r\n--X\r\n-XX--\r\n--");
  // RFC 2046 lets no line begin with the boundary, whatever follows.
  EXPECT_EQ(code_of(part("form-data; name=\"a\"", "x\r\n--XXY") + "--XX--"), StatusCode::kInvalidArgument);
  EXPECT_TRUE(parse("--XX \t\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--XX--").ok());
  EXPECT_TRUE(parse("--XX--").ok());
  EXPECT_EQ(code_of("--XX\r\n\r\n--XX--"), StatusCode::kInvalidArgument);
  EXPECT_EQ(code_of("--XX\nContent-Disposition: form-data; name=a\n\n1\n--XX--"), StatusCode::kInvalidArgument);
}

TEST(Multipart, Headers) {
  EXPECT_EQ(code_of("--XX\r\nX: 1\r\n\r\n1\r\n--XX--"), StatusCode::kInvalidArgument);  // no Content-Disposition
  EXPECT_EQ(code_of(part("form-data", "1") + "--XX--"), StatusCode::kInvalidArgument);
  EXPECT_EQ(code_of(part("attachment; name=\"a\"", "1") + "--XX--"), StatusCode::kInvalidArgument);
  EXPECT_EQ(code_of(part("form-data; name=\"a", "1") + "--XX--"), StatusCode::kInvalidArgument);
  EXPECT_EQ(code_of(part("form-data; name=\"a\"\r\n folded", "1") + "--XX--"), StatusCode::kInvalidArgument);
  EXPECT_EQ(code_of(part("form-data; name=\"\xff\"", "1") + "--XX--"), StatusCode::kInvalidArgument);
  EXPECT_EQ(code_of(part("form-data; name=\"a\"", "\xff") + "--XX--"), StatusCode::kInvalidArgument);

  const auto filename = [](const std::string& parameters) {
    Result<FormData> form = parse(part("form-data; name=f; " + parameters, "1") + "--XX--");
    return form.ok() && !form->files.empty() ? form->files[0].second.filename : "(none)";
  };
  EXPECT_EQ(filename(R"(filename="C:\dir\a.txt")"), R"(C:\dir\a.txt)");
  EXPECT_EQ(filename(R"(filename="a\"b;c=d.txt")"), R"(a"b;c=d.txt)");
  EXPECT_EQ(filename("filename=plain.txt; filename*=utf-8''na%C3%AFve.txt"), "na\u00efve.txt");
  EXPECT_EQ(filename("filename=plain.txt; filename*=latin1''na%EFve.txt"), "plain.txt");
  EXPECT_EQ(filename("filename=\"../../etc/passwd\""), "../../etc/passwd");  // as sent: the header says so
}

TEST(Multipart, Limits) {
  std::string many;
  for (int i = 0; i < 4; ++i) many += part("form-data; name=a", "1");
  EXPECT_TRUE(parse(many + "--XX--", kType, {.max_fields = 4}).ok());
  const Result<FormData> more = parse(many + part("form-data; name=a", "1") + "--XX--", kType, {.max_fields = 4});
  EXPECT_EQ(more.status().code, StatusCode::kResourceExhausted);
  EXPECT_THAT(more.error().message, HasSubstr("Maximum number of parts is 4"));
  EXPECT_EQ(code_of(part("form-data; name=a", "1", "X: " + std::string(9000, 'x') + "\r\n") + "--XX--"),
            StatusCode::kResourceExhausted);
  EXPECT_EQ(code_of(part("form-data; name=a", std::string(11, 'x')) + "--XX--", kType, {.max_field_bytes = 10}),
            StatusCode::kResourceExhausted);
  EXPECT_TRUE(parse(part("form-data; name=a; filename=b", std::string(11, 'x')) + "--XX--", kType, {.max_field_bytes = 10}).ok());
}

TEST(Multipart, ALargeBodyOfNearMissesIsReadInLinearTime) {
  std::string content;
  while (content.size() < 8'000'000) content += "\r\n--" + std::string(69, 'a') + "b";
  const std::string type = "multipart/form-data; boundary=" + std::string(70, 'a');
  const std::string boundary = "--" + std::string(70, 'a');
  Result<FormData> form =
      parse(boundary + "\r\nContent-Disposition: form-data; name=f; filename=f\r\n\r\n" + content + "\r\n" + boundary + "--", type);
  ASSERT_TRUE(form.ok()) << form.error().message;
  EXPECT_EQ(form->files[0].second.content.size(), content.size());
}

TEST(Multipart, Boundaries) {
  EXPECT_EQ(multipart_boundary("multipart/form-data; boundary=abc"), "abc");
  EXPECT_EQ(multipart_boundary("Multipart/Form-Data; charset=utf-8; Boundary=\"a b:c\""), "a b:c");
  EXPECT_FALSE(multipart_boundary("multipart/form-data"));
  EXPECT_FALSE(multipart_boundary("multipart/form-data; boundary="));
  EXPECT_FALSE(multipart_boundary("multipart/form-data; boundary=" + std::string(71, 'a')));
  EXPECT_FALSE(multipart_boundary("multipart/form-data; boundary=\"a\r\nb\""));
  EXPECT_FALSE(multipart_boundary("multipart/mixed; boundary=a"));
  EXPECT_EQ(code_of("--XX--", "multipart/form-data"), StatusCode::kInvalidArgument);
}

TEST(Form, Urlencoded) {
  constexpr std::string_view kUrlencoded = "application/x-www-form-urlencoded; charset=utf-8";
  Result<FormData> form = parse("a=1&b=x+y%26&a=2&c", kUrlencoded);
  ASSERT_TRUE(form.ok());
  EXPECT_THAT(form->fields, ElementsAre(Pair("a", "1"), Pair("b", "x y&"), Pair("a", "2"), Pair("c", "")));
  EXPECT_EQ(code_of("a=%ff", kUrlencoded), StatusCode::kInvalidArgument);
  EXPECT_EQ(code_of("a&a&a", kUrlencoded, {.max_fields = 2}), StatusCode::kResourceExhausted);
  EXPECT_TRUE(parse("", kUrlencoded)->fields.empty());
  EXPECT_TRUE(parse("{}", "application/json")->fields.empty());
}

TEST(Form, AFileInputLeftEmptyIsNotSent) {
  Result<FormData> form =
      parse(part("form-data; name=\"f\"; filename=\"\"", "", "Content-Type: application/octet-stream\r\n") + "--XX--");
  ASSERT_TRUE(form.ok());
  EXPECT_TRUE(form->files.empty());
}

TEST(Form, AnswersOfErrors) {
  HttpRequest request;
  request.method = "POST";
  request.headers = {{"content-type", std::string(kType)}};
  request.body = Bytes::of_static("nonsense");
  try {
    form_of(request);
    FAIL();
  } catch (const HttpError& error) {
    EXPECT_EQ(error.status(), 400);
    EXPECT_EQ(error.detail(), "There was an error parsing the body");
  }
}

TEST(Cookies, AsServersReadThem) {
  const auto read = [](std::string_view header) {
    TextPairs pairs;
    parse_cookies(header, pairs);
    return pairs;
  };
  EXPECT_THAT(read("a=1; b=2"), ElementsAre(Pair("a", "1"), Pair("b", "2")));
  EXPECT_THAT(read("a=1;b = x y ;;c=d=e;"), ElementsAre(Pair("a", "1"), Pair("b", "x y"), Pair("c", "d=e")));
  EXPECT_THAT(read("lonely; =nameless; name="), ElementsAre(Pair("", "lonely"), Pair("", "nameless"), Pair("name", "")));
  EXPECT_THAT(read(R"(a="x\"y\\z\054\400\12"; b=")"), ElementsAre(Pair("a", "x\"y\\z,40012"), Pair("b", "\"")));
  EXPECT_TRUE(read("").empty());
  EXPECT_TRUE(read(" ; ;;").empty());
  EXPECT_THAT(cookies_of({{"cookie", "a=1"}, {"x", "y"}, {"cookie", "b=2"}}), ElementsAre(Pair("a", "1"), Pair("b", "2")));
}

TEST(HeaderParams, OddOnes) {
  EXPECT_FALSE(parse_header_value(""));
  EXPECT_FALSE(parse_header_value("; a=b"));
  EXPECT_FALSE(parse_header_value("x; a"));
  EXPECT_FALSE(parse_header_value("x; a=\"b\"c"));
  EXPECT_FALSE(parse_header_value("x; a=\"b\\\""));
  EXPECT_EQ(*parse_header_value("X ; ;A = b ;")->param("a"), "b");
  EXPECT_EQ(*parse_header_value("x; a=")->param("a"), "");
  EXPECT_EQ(parse_header_value("x; a=1; a=2")->params.size(), 2u);
  EXPECT_FALSE(decode_extended_param("UTF-8''%zz"));
  EXPECT_FALSE(decode_extended_param("UTF-8''%ff"));
  EXPECT_FALSE(decode_extended_param("UTF-8'x"));
  EXPECT_EQ(decode_extended_param("utf-8'en'a%20b"), "a b");
}

}  // namespace
}  // namespace jina::app
