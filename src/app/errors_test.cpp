// What is answered for exceptions, and what the log says.
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <sstream>

#include "app/app_test_support.hpp"

namespace jina::app {
namespace {

using ::testing::AllOf;
using testing::AppFixture;
using ::testing::HasSubstr;
using testing::header;
using ::testing::Not;

struct Base : std::runtime_error {
  using std::runtime_error::runtime_error;
};
struct Derived : Base {
  using Base::Base;
};
struct Number {
  int n;
};
BOOST_DESCRIBE_STRUCT(Number, (), (n))

// What is logged while it lives.
class Log {
 public:
  Log() : before_(spdlog::default_logger()) {
    auto logger = std::make_shared<spdlog::logger>("test", std::make_shared<spdlog::sinks::ostream_sink_st>(text_));
    logger->set_pattern("%l %v");
    spdlog::set_default_logger(std::move(logger));
  }
  ~Log() { spdlog::set_default_logger(before_); }
  std::string text() const { return text_.str(); }

 private:
  std::ostringstream text_;
  std::shared_ptr<spdlog::logger> before_;
};

TEST(Errors, HttpErrorsAreForTheClient) {
  AppFixture fixture;
  fixture.app.get("/text/{n}", [](Path<Number> path) -> int {
    throw HttpError(404, "no item " + std::to_string(path->n), {{"x-a", "1"}});
  });
  fixture.app.get("/json", []() -> Task<int> {
    throw HttpError(409, {{"code", 7}});
    co_return 1;
  });
  EXPECT_EQ(fixture.get("/text/3"), R"(404 {"detail":"no item 3"})");
  EXPECT_EQ(header(fixture.send("GET", "/text/3"), "x-a"), "1");
  EXPECT_EQ(fixture.get("/json"), R"(409 {"detail":{"code":7}})");
}

TEST(Errors, AStatusThatIsNotFinalIs500) {
  AppFixture fixture;
  const Log log;
  fixture.app.get("/{n}", [](Path<Number> path) { return HttpStatus{path->n}; });
  for (const char* path : {"/0", "/-1", "/100", "/101", "/199", "/1000"})
    EXPECT_EQ(fixture.get(path), R"(500 {"detail":"Internal Server Error"})") << path;
  EXPECT_EQ(fixture.get("/200"), "200 ");
  EXPECT_EQ(fixture.get("/599"), "599 ");
  EXPECT_THAT(log.text(), HasSubstr("an answer has the status 101"));
}

TEST(Errors, OtherExceptionsAreForTheLog) {
  AppFixture fixture;
  fixture.app.get("/std/{n}", [](Path<Number>) -> int { throw Base("secret\nerror of another"); });
  fixture.app.get("/int", []() -> Task<int> {
    throw 3;
    co_return 1;
  });
  Log log;
  fixture.handler();
  const std::string answer = fixture.get("/std/1");
  const boost::json::value body = boost::json::parse(answer.substr(4));
  EXPECT_EQ(answer.substr(0, 4), "500 ");
  EXPECT_EQ(body.at("detail").as_string(), "Internal Server Error");
  EXPECT_THAT(answer, Not(HasSubstr("secret")));
  const std::string id(body.at("id").as_string());
  EXPECT_EQ(id.size(), 32u);
  EXPECT_THAT(log.text(), HasSubstr("error error " + id + ": GET /std/1, route GET /std/{n} (TestGateway): "));
  EXPECT_THAT(log.text(), HasSubstr("Base: secret error of another\n"));
  EXPECT_EQ(fixture.get("/int").substr(0, 4), "500 ");
  EXPECT_THAT(log.text(), HasSubstr("int: not a std::exception"));
}

TEST(Errors, HandlersOfErrorsTheMostDerivedFirst) {
  AppFixture fixture;
  App& app = fixture.app;
  app.on_error<std::exception>([](const std::exception&) { return HttpResponse::text("exception", 599); });
  app.on_error<Base>([](const Base& error, const HttpRequest& request) {
    return HttpResponse::text(request.path + " base " + error.what(), 410);
  });
  app.on_error<Derived>([](const Derived&) { return With{411, Number{1}}; });
  app.on_error<int>([](int) { return HttpStatus{412}; });
  app.get("/base", []() -> int { throw Base("b"); });
  app.get("/derived", []() -> Task<int> {
    throw Derived("d");
    co_return 1;
  });
  app.get("/other", []() -> int { throw std::logic_error("o"); });
  app.get("/int", []() -> int { throw 3; });
  app.get("/http", []() -> int { throw HttpError(404, "h"); });
  app.get("/input", [](Query<Number>) {});
  EXPECT_EQ(fixture.get("/base"), "410 /base base b");
  EXPECT_EQ(fixture.get("/derived"), R"(411 {"n":1})");
  EXPECT_EQ(fixture.get("/other"), "599 exception");
  EXPECT_EQ(fixture.get("/int"), "412 ");
  // What is worded for clients already is not what on_error<std::exception> is for.
  EXPECT_EQ(fixture.get("/http"), R"(404 {"detail":"h"})");
  EXPECT_EQ(fixture.get("/input").substr(0, 4), "422 ");
  EXPECT_EQ(fixture.get("/nowhere"), R"(404 {"detail":"Not Found"})");
}

TEST(Errors, TheSameTypeAgainReplaces) {
  AppFixture fixture;
  fixture.app.on_error<Base>([](const Base&) { return HttpStatus{410}; });
  fixture.app.on_error<Base>([](const Base&) { return HttpStatus{411}; });
  fixture.app.get("/base", []() -> int { throw Base("b"); });
  EXPECT_EQ(fixture.get("/base"), "411 ");
}

TEST(Errors, OwnWordsForHttpErrorsAndInput) {
  AppFixture fixture;
  App& app = fixture.app;
  app.on_error<HttpError>([](const HttpError& error) { return HttpResponse::json({{"error", error.detail()}}, error.status()); });
  app.on_error<InvalidInput>([](const InvalidInput& input) { return HttpResponse::json({{"wrong", input.errors().size()}}, 400); });
  app.get("/input", [](Query<Number>) {});
  EXPECT_EQ(fixture.get("/nowhere"), R"(404 {"error":"Not Found"})");
  EXPECT_EQ(fixture.ask("POST", "/input"), R"(405 {"error":"Method Not Allowed"})");
  EXPECT_EQ(fixture.get("/input"), R"(400 {"wrong":1})");
}

TEST(Errors, AnErrorHandlerThatThrowsIs500) {
  AppFixture fixture;
  fixture.app.on_error<Base>([](const Base&) -> HttpStatus { throw std::runtime_error("in the handler"); });
  fixture.app.get("/base", []() -> int { throw Base("b"); });
  Log log;
  EXPECT_EQ(fixture.get("/base").substr(0, 4), "500 ");
  EXPECT_THAT(log.text(), HasSubstr("in the handler"));
}

TEST(Errors, ReplysThatJsonCanNotSayAre500) {
  AppFixture fixture;
  fixture.app.get("/nan", [] { return std::nan(""); });
  Log log;
  EXPECT_EQ(fixture.get("/nan").substr(0, 4), "500 ");
}

TEST(Errors, MountedAppsHaveTheirOwn) {
  AppFixture fixture;
  App& app = fixture.app;
  app.on_error<Base>([](const Base&) { return HttpStatus{410}; });
  app.on_error<Derived>([](const Derived&) { return HttpStatus{411}; });
  app.mount("/v2", [](App& v2) {
    v2.on_error<Base>([](const Base&) { return HttpStatus{420}; });
    v2.get("/derived", []() -> int { throw Derived("d"); });
    v2.mount("/deep", [](App& deep) { deep.get("/base", []() -> int { throw Base("b"); }); });
  });
  app.mount("/v3", [](App& v3) { v3.get("/derived", []() -> int { throw Derived("d"); }); });
  EXPECT_EQ(fixture.get("/v2/derived"), "420 ");
  EXPECT_EQ(fixture.get("/v2/deep/base"), "420 ");
  EXPECT_EQ(fixture.get("/v3/derived"), "411 ");
}

TEST(Errors, OfOtherLayersComeLast) {
  AppFixture fixture;
  fixture.environment.error_handlers.push_back(detail::make_error_handler<Base>([](const Base&) { return HttpStatus{503}; }));
  fixture.app.on_error<Derived>([](const Derived&) { return HttpStatus{411}; });
  fixture.app.get("/base", []() -> int { throw Base("b"); });
  fixture.app.get("/derived", []() -> int { throw Derived("b"); });
  EXPECT_EQ(fixture.get("/base"), "503 ");
  EXPECT_EQ(fixture.get("/derived"), "411 ");
}

TEST(Errors, OfACancelledRequestAreNotLogged) {
  AppFixture fixture;
  fixture.app.get("/gone", [](RequestContext& context) -> int {
    context.cancel(CancelReason::kClient);
    throw Base("operation aborted");
  });
  Log log;
  fixture.handler();
  EXPECT_EQ(fixture.get("/gone").substr(0, 4), "503 ");
  EXPECT_THAT(log.text(), Not(HasSubstr("operation aborted")));
}

}  // namespace
}  // namespace jina::app
