// The kinds of handlers and of their results, and what is refused at setup.
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <thread>

#include "app/app_test_support.hpp"
#include "jina/document.hpp"

namespace jina::app {
namespace {

using ::testing::AllOf;
using testing::AppFixture;
using ::testing::HasSubstr;
using testing::header;
using testing::refused;

struct Ask {
  std::string text;
};
BOOST_DESCRIBE_STRUCT(Ask, (), (text))
struct Answer {
  std::string result;
};
BOOST_DESCRIBE_STRUCT(Answer, (), (result))
struct Other {
  int other;
};
BOOST_DESCRIBE_STRUCT(Other, (), (other))

struct Wrong {
  int n = 1;
  static void describe(Fields& on) { on["m"].says("there is no m"); }
};
BOOST_DESCRIBE_STRUCT(Wrong, (), (n))

class Service {
 public:
  Answer answer(Query<Ask> ask) const noexcept { return {"service " + ask->text}; }
};

std::string free_function(const Query<Ask>& ask) { return "free " + ask->text; }
Task<Answer> free_coroutine(Query<Ask> ask) {
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, std::chrono::seconds(0));
  co_await timer.async_wait(boost::asio::use_awaitable);
  co_return Answer{"coroutine " + ask->text};
}

class Gateway : public AppOwner {
 public:
  virtual void setup_app(App& app) = 0;
};
class Mixin {
 public:
  virtual ~Mixin() = default;
  std::string mixed() { return "mixin"; }
};
class Mine : public Gateway, public Mixin {
 public:
  void setup_app(App& app) override {
    app.get("/answer", &Mine::answer);
    app.get("/plain", &Mine::plain);
    app.get("/mixed", &Mine::mixed);
  }
  Task<Answer> answer(Query<Ask> ask) { co_return Answer{prefix_ + ask->text}; }
  Answer plain(const Query<Ask>& ask) const { return {prefix_ + ask->text}; }

 private:
  std::string prefix_ = "mine ";
};

TEST(Handlers, MemberFunctionsOfTheOwner) {
  Mine mine;
  AppFixture fixture(&mine);
  mine.setup_app(fixture.app);
  EXPECT_EQ(fixture.get("/answer?text=x"), R"(200 {"result":"mine x"})");
  EXPECT_EQ(fixture.get("/plain?text=x"), R"(200 {"result":"mine x"})");
  EXPECT_EQ(fixture.get("/mixed"), "200 mixin");
}

TEST(Handlers, OtherObjectsFunctionsAndFunctionObjects) {
  AppFixture fixture;
  Service service;
  fixture.app.get("/reference", &Service::answer, service);
  fixture.app.get("/pointer", &Service::answer, &service);
  fixture.app.get("/shared", &Service::answer, std::make_shared<const Service>());
  fixture.app.get("/free", free_function);
  fixture.app.get("/coroutine", &free_coroutine);
  int calls = 0;
  fixture.app.get("/mutable", [count = 0, &calls]() mutable {
    calls = ++count;
    return count;
  });
  fixture.app.get("/captures", [text = std::string("a text that is too long to be kept inside")]() -> Task<std::string> {
    return [](std::string text) -> Task<std::string> { co_return text; }(text);
  });
  EXPECT_EQ(fixture.get("/reference?text=x"), R"(200 {"result":"service x"})");
  EXPECT_EQ(fixture.get("/pointer?text=x"), R"(200 {"result":"service x"})");
  EXPECT_EQ(fixture.get("/shared?text=x"), R"(200 {"result":"service x"})");
  EXPECT_EQ(fixture.get("/free?text=x"), "200 free x");
  EXPECT_EQ(fixture.get("/coroutine?text=x"), R"(200 {"result":"coroutine x"})");
  EXPECT_EQ(fixture.get("/mutable"), "200 1");
  EXPECT_EQ(fixture.get("/mutable"), "200 2");
  EXPECT_EQ(calls, 2);
  EXPECT_EQ(fixture.get("/captures"), "200 a text that is too long to be kept inside");
}

TEST(Handlers, TakeTheRequestAndItsContext) {
  AppFixture fixture;
  fixture.app.post("/all/{text}", [](const HttpRequest& request, RequestContext& context, Path<Ask> path) {
    return request.method + " " + request.raw_target + " " + request.path + " " + request.query + " " +
           std::string(request.header("x-a")) + " " + request.cookie("c").value_or("none") + " " + request.body.str() + " " +
           path->text + " " + context.peer;
  });
  EXPECT_EQ(fixture.ask("POST", "/all/a%20b?q=1", "body", {{"x-a", "1"}, {"cookie", "c=d"}}),
            "200 POST /all/a%20b?q=1 /all/a b q=1 1 d body a b 127.0.0.1:1");
}

TEST(Handlers, Results) {
  AppFixture fixture;
  App& app = fixture.app;
  app.get("/nothing", [] {});
  app.get("/task", []() -> Task<void> { co_return; });
  app.get("/literal", [] { return "text"; });
  app.get("/bytes", [] { return Bytes::copy_of("raw"); });
  app.get("/status", [] { return HttpStatus{418}; });
  app.get("/with", [] { return With{201, Answer{"made"}, {{"location", "/x"}}}; });
  app.get("/typed", [] { return With<std::string>{200, "<p>", {{"content-type", "text/html"}}}; });
  app.get("/vector", [] { return std::vector<Answer>{{"a"}, {"b"}}; });
  app.get("/map", [] { return std::map<std::string, int>{{"a", 1}}; });
  app.get("/number", [] { return 1.5; });
  app.get("/json", [] { return boost::json::value{{"a", {1, 2}}}; });
  app.get("/response", [] { return HttpResponse::text("own", 299); });
  app.get("/redirect", [] { return HttpResponse::redirect("/x"); });
  app.get("/document", [] { return Document{{.id = "1", .text = "hi"}}; });
  app.get("/documents", []() -> Task<DocumentArray> { co_return DocumentArray{Document{{.id = "1", .text = "hi"}}}; });
  app.get("/missing", [] { return std::optional<Answer>(); });
  app.get("/there", []() -> Task<std::optional<With<Answer>>> { co_return With{202, Answer{"x"}}; });
  app.post("/created", [] { return Answer{"new"}; }).status(201);
  EXPECT_EQ(fixture.get("/nothing"), "204 ");
  EXPECT_EQ(fixture.get("/task"), "204 ");
  EXPECT_EQ(fixture.get("/literal"), "200 text");
  EXPECT_EQ(header(fixture.send("GET", "/literal"), "content-type"), "text/plain; charset=utf-8");
  EXPECT_EQ(fixture.get("/bytes"), "200 raw");
  EXPECT_EQ(header(fixture.send("GET", "/bytes"), "content-type"), "application/octet-stream");
  EXPECT_EQ(fixture.get("/status"), "418 ");
  EXPECT_EQ(fixture.get("/with"), R"(201 {"result":"made"})");
  EXPECT_EQ(header(fixture.send("GET", "/with"), "location"), "/x");
  EXPECT_EQ(header(fixture.send("GET", "/with"), "content-type"), "application/json");
  EXPECT_EQ(header(fixture.send("GET", "/typed"), "content-type"), "text/html");
  EXPECT_EQ(fixture.get("/vector"), R"(200 [{"result":"a"},{"result":"b"}])");
  EXPECT_EQ(fixture.get("/map"), R"(200 {"a":1})");
  EXPECT_EQ(fixture.get("/number"), "200 1.5");
  EXPECT_EQ(fixture.get("/json"), R"(200 {"a":[1,2]})");
  EXPECT_EQ(fixture.get("/response"), "299 own");
  EXPECT_EQ(header(fixture.send("GET", "/redirect"), "location"), "/x");
  EXPECT_EQ(fixture.send("GET", "/redirect").status, 307);
  EXPECT_THAT(fixture.get("/document"), AllOf(HasSubstr(R"(200 {"id":"1",)"), HasSubstr(R"("text":"hi")")));
  EXPECT_THAT(fixture.get("/documents"), HasSubstr(R"(200 [{"id":"1",)"));
  EXPECT_EQ(fixture.get("/missing"), R"(404 {"detail":"Not Found"})");
  EXPECT_EQ(fixture.get("/there"), R"(202 {"result":"x"})");
  EXPECT_EQ(fixture.post("/created", ""), R"(201 {"result":"new"})");
}

TEST(Handlers, SetupSaysWhatCanNotWork) {
  AppFixture fixture;
  App& app = fixture.app;
  app.get("/taken/{text}", free_function);
  EXPECT_THAT(refused([&] { app.get("/taken/{other}", free_function); }),
              HasSubstr("\"GET /taken/{text}\" and \"GET /taken/{other}\" are for the same requests"));
  EXPECT_THAT(refused([&] { app.get("/items/{id}", [](Path<Ask>) {}); }),
              AllOf(HasSubstr("GET /items/{id}"), HasSubstr("Path<Ask> has the member \"text\", which the path does not have")));
  EXPECT_THAT(refused([&] { app.put("/two", [](Json<Ask>, Json<Other>) {}); }),
              AllOf(HasSubstr("PUT /two"), HasSubstr("two bodies, Json<Ask> and Json<Other>")));
  EXPECT_THAT(refused([&] { app.put("/two", [](Json<Ask>, Form<Other>) {}); }), HasSubstr("two bodies, Json<Ask> and Form<Other>"));
  EXPECT_THAT(refused([&] { app.get("/member", &Mine::plain); }), AllOf(HasSubstr("GET /member"), HasSubstr("member function of "),
                                                                        HasSubstr("Mine"), HasSubstr("belongs to no object")));
  EXPECT_THAT(refused([&] { app.get("nothing", free_function); }), HasSubstr("must start with \"/\""));
  EXPECT_THAT(refused([&] { app.get("/slow", free_coroutine).blocking(); }), AllOf(HasSubstr("GET /slow"), HasSubstr("coroutine")));
  EXPECT_THAT(refused([&] { app.get("/status", free_function).status(1000); }), HasSubstr("the status 1000"));
  EXPECT_THAT(refused([&] { app.route({"GE T"}, "/method", free_function); }), HasSubstr("GE T"));
  EXPECT_THAT(refused([&] { app.mount("v2", [](App&) {}); }), HasSubstr("\"/v2\""));
  EXPECT_THAT(refused([&] { app.websocket("/ws", [](WebSocket&, Json<Ask>) -> Task<void> { co_return; }); }),
              HasSubstr("has no body"));
  EXPECT_THAT(refused([&] { app.websocket("/ws", [] {}); }), HasSubstr("takes no WebSocket&"));
  EXPECT_THAT(refused([&] { app.get("/ws", [](WebSocket&) -> Task<void> { co_return; }); }), HasSubstr("app.websocket()"));
}

TEST(Handlers, ADescriptionWithAMistakeIsRefusedAtSetup) {
  AppFixture fixture;
  EXPECT_THAT(refused([&] { fixture.app.post("/wrong", [](Json<Wrong>) {}); }),
              AllOf(HasSubstr("POST /wrong"), HasSubstr("Wrong")));
  EXPECT_THAT(refused([&] { fixture.app.get("/wrong", [] { return Wrong{}; }); }), HasSubstr("GET /wrong"));
}

TEST(Handlers, BlockingOnesRunElsewhere) {
  AppFixture fixture;
  const auto here = std::this_thread::get_id();
  fixture.app.get("/inline", [here] { return std::this_thread::get_id() == here; });
  fixture.app.get("/blocking", [](Query<Ask> ask) { return ask->text; }).blocking();
  fixture.app.get("/where", [here] { return std::this_thread::get_id() == here; }).blocking();
  fixture.app.get("/throws", []() -> int { throw HttpError(409, "busy"); }).blocking();
  EXPECT_EQ(fixture.get("/inline"), "200 true");
  EXPECT_EQ(fixture.get("/where"), "200 false");
  EXPECT_EQ(fixture.get("/blocking?text=x"), "200 x");
  EXPECT_EQ(fixture.get("/blocking").substr(0, 4), "422 ");
  EXPECT_EQ(fixture.get("/throws"), R"(409 {"detail":"busy"})");
}

}  // namespace
}  // namespace jina::app
