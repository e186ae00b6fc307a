// What handlers are given, and the answers when it is wrong: all bodies of answers here are those of FastAPI 0.99.
#include "app/app_test_support.hpp"

namespace jina::app {
namespace {

using testing::AppFixture;

struct Id {
  int id;
};
BOOST_DESCRIBE_STRUCT(Id, (), (id))

enum class Color { red, blue };
BOOST_DESCRIBE_ENUM(Color, red, blue)

struct Search {
  std::string q;
  int n = 3;
  std::vector<int> l;
  bool b = false;
  static void describe(Fields& on) { on["n"].at_least(1).at_most(10); }
};
BOOST_DESCRIBE_STRUCT(Search, (), (q, n, l, b))

struct Keys {
  std::string x_api_key;
};
BOOST_DESCRIBE_STRUCT(Keys, (), (x_api_key))
struct Session {
  std::string session;
};
BOOST_DESCRIBE_STRUCT(Session, (), (session))

struct Inner {
  int x;
};
BOOST_DESCRIBE_STRUCT(Inner, (), (x))
struct Item {
  std::string name;
  double price = 1.5;
  Defaulted<std::vector<std::string>> tags;
  Color color = Color::blue;
  std::optional<std::string> note;
  std::optional<Inner> inner;
  static void describe(Fields& on) {
    on["name"].min_length(1).max_length(5);
    on["price"].at_least(0);
  }
};
BOOST_DESCRIBE_STRUCT(Item, (), (name, price, tags, color, note, inner))

struct Fields2 {
  std::string a;
  int b = 1;
};
BOOST_DESCRIBE_STRUCT(Fields2, (), (a, b))
struct Upload {
  UploadFile f;
  Defaulted<std::vector<UploadFile>> fs;
  std::optional<UploadFile> maybe;
};
BOOST_DESCRIBE_STRUCT(Upload, (), (f, fs, maybe))

struct Seen {
  int id;
  std::string q;
  int n;
  std::string k, s;
  std::vector<int> l;
  bool b;
};
BOOST_DESCRIBE_STRUCT(Seen, (), (id, q, n, k, s, l, b))

class Binding : public ::testing::Test {
 protected:
  Binding() {
    // In an order of its own: errors come by place all the same.
    fixture.app.get("/items/{id}", [](Cookie<Session> s, Header<Keys> k, const Query<Search>& q, Path<Id> id) {
      return Seen{id->id, q->q, q->n, k->x_api_key, s->session, q->l, q->b};
    });
    fixture.app.post("/items", [](Json<Item> item) { return *item; });
    fixture.app.post("/both/{id}", [](Json<Item> item, Path<Id>) { return *item; });
    fixture.app.post("/l", [](Json<std::vector<Item>> items) { return *items; });
    fixture.app.post("/opt", [](Json<std::optional<Item>> item) { return std::string(*item ? "some" : "none"); });
    fixture.app.post("/any", [](Json<boost::json::value> any) { return *any; });
    fixture.app.post("/str", [](Json<std::string> text) { return *text; });
    fixture.app.post("/f", [](Form<Fields2> form) { return *form; });
    fixture.app.post("/u", [](Form<Upload> form) {
      std::string text = form->f.filename + ":" + form->f.content.str() + ":" + form->f.content_type;
      for (const UploadFile& file : *form->fs) text += "," + file.filename;
      return text + (form->maybe ? "+" : "-");
    });
    fixture.app.get("/files/{rest:path}", [](const HttpRequest& request) { return request.path; });
  }
  AppFixture fixture;
};

TEST_F(Binding, ErrorsOfAllInputsInOneAnswer) {
  EXPECT_EQ(fixture.get("/items/x"),
            R"(422 {"detail":[{"loc":["path","id"],"msg":"value is not a valid integer","type":"type_error.integer"},)"
            R"({"loc":["query","q"],"msg":"field required","type":"value_error.missing"},)"
            R"({"loc":["query","l"],"msg":"field required","type":"value_error.missing"},)"
            R"({"loc":["header","x-api-key"],"msg":"field required","type":"value_error.missing"},)"
            R"({"loc":["cookie","session"],"msg":"field required","type":"value_error.missing"}]})");
  EXPECT_EQ(
      fixture.get("/items/5?q=a+b%20c&n=11&l=1&l=x&b=maybe", {{"x-api-key", "k"}, {"cookie", "session=1"}}),
      R"(422 {"detail":[{"loc":["query","n"],"msg":"ensure this value is less than or equal to 10","type":"value_error.number.not_le","ctx":{"limit_value":10}},)"
      R"({"loc":["query","l",1],"msg":"value is not a valid integer","type":"type_error.integer"},)"
      R"({"loc":["query","b"],"msg":"value could not be parsed to a boolean","type":"type_error.bool"}]})");
}

TEST_F(Binding, TextsOfPathQueryHeadersAndCookies) {
  EXPECT_EQ(fixture.get("/items/5?q=a+b%20c&q=second+%2B&n=2&l=1&l=2&b=on",
                        {{"x-api-key", "k"}, {"cookie", "session=\"quoted\"; other=2"}}),
            R"(200 {"id":5,"q":"second +","n":2,"k":"k","s":"quoted","l":[1,2],"b":true})");
  EXPECT_EQ(fixture.get("/items/5?q=&l=1", {{"x-api-key", ""}, {"cookie", "session="}}),
            R"(200 {"id":5,"q":"","n":3,"k":"","s":"","l":[1],"b":false})");
  EXPECT_EQ(fixture.get("/items/5?q=%ff%41&l=1", {{"x-api-key", "\xE4"}, {"cookie", "session=\xC3\xA4"}}),
            "200 {\"id\":5,\"q\":\"\xEF\xBF\xBD"
            "A\",\"n\":3,\"k\":\"\xEF\xBF\xBD\",\"s\":\"\xC3\xA4\",\"l\":[1],\"b\":false}");
}

TEST_F(Binding, JsonBodies) {
  const std::string missing = R"(422 {"detail":[{"loc":["body"],"msg":"field required","type":"value_error.missing"}]})";
  const std::string no_dict = R"(422 {"detail":[{"loc":["body"],"msg":"value is not a valid dict","type":"type_error.dict"}]})";
  EXPECT_EQ(fixture.post("/items", ""), missing);
  EXPECT_EQ(fixture.post("/items", "null"), missing);
  for (const char* body : {"[1]", "3", "\"x\""}) EXPECT_EQ(fixture.post("/items", body), no_dict) << body;
  EXPECT_EQ(fixture.post("/items", R"({"name":"a","price":"2.5","extra":1})"),
            R"(200 {"name":"a","price":2.5,"tags":[],"color":"blue","note":null,"inner":null})");
  EXPECT_EQ(
      fixture.post("/items", R"({"name":"","price":-1,"tags":[1,null],"color":"green","inner":{"x":"y"}})"),
      R"(422 {"detail":[{"loc":["body","name"],"msg":"ensure this value has at least 1 characters","type":"value_error.any_str.min_length","ctx":{"limit_value":1}},)"
      R"({"loc":["body","price"],"msg":"ensure this value is greater than or equal to 0","type":"value_error.number.not_ge","ctx":{"limit_value":0}},)"
      R"({"loc":["body","tags",1],"msg":"none is not an allowed value","type":"type_error.none.not_allowed"},)"
      R"({"loc":["body","color"],"msg":"value is not a valid enumeration member; permitted: 'red', 'blue'","type":"type_error.enum","ctx":{"enum_values":["red","blue"]}},)"
      R"({"loc":["body","inner","x"],"msg":"value is not a valid integer","type":"type_error.integer"}]})");
  EXPECT_EQ(
      fixture.post("/l", R"([{"name":"a"},{"name":""},3])"),
      R"(422 {"detail":[{"loc":["body",1,"name"],"msg":"ensure this value has at least 1 characters","type":"value_error.any_str.min_length","ctx":{"limit_value":1}},)"
      R"({"loc":["body",2],"msg":"value is not a valid dict","type":"type_error.dict"}]})");
  EXPECT_EQ(fixture.post("/l", R"({"a":1})"),
            R"(422 {"detail":[{"loc":["body"],"msg":"value is not a valid list","type":"type_error.list"}]})");
}

TEST_F(Binding, OptionalAndFreeBodies) {
  EXPECT_EQ(fixture.post("/opt", ""), "200 none");
  EXPECT_EQ(fixture.post("/opt", "null"), "200 none");
  EXPECT_EQ(fixture.post("/opt", R"({"name":"a"})"), "200 some");
  EXPECT_EQ(fixture.post("/opt", "3"),
            R"(422 {"detail":[{"loc":["body"],"msg":"value is not a valid dict","type":"type_error.dict"}]})");
  EXPECT_EQ(fixture.post("/any", R"([1,{"a":null,"tensor":[[1,2],[3,4]]},1.0,18446744073709551615])"),
            R"(200 [1,{"a":null,"tensor":[[1,2],[3,4]]},1.0,18446744073709551615])");
  EXPECT_EQ(fixture.post("/any", "null"),
            R"(422 {"detail":[{"loc":["body"],"msg":"field required","type":"value_error.missing"}]})");
  EXPECT_EQ(fixture.post("/str", "\"x\""), "200 x");
  EXPECT_EQ(fixture.post("/str", "3"), "200 3");
  EXPECT_EQ(fixture.post("/str", "x", "text/plain"), "200 x");
}

TEST_F(Binding, BodiesThatAreNoJson) {
  EXPECT_EQ(
      fixture.post("/items", "{"),
      R"x(422 {"detail":[{"loc":["body",1],"msg":"Expecting property name enclosed in double quotes: line 1 column 2 (char 1)","type":"value_error.jsondecode","ctx":{"msg":"Expecting property name enclosed in double quotes","doc":"{","pos":1,"lineno":1,"colno":2}}]})x");
  // Nothing else is looked at then.
  EXPECT_EQ(fixture.post("/both/x", "{"), fixture.post("/items", "{"));
  EXPECT_EQ(
      fixture.post("/both/x", R"({"name":""})"),
      R"(422 {"detail":[{"loc":["path","id"],"msg":"value is not a valid integer","type":"type_error.integer"},)"
      R"({"loc":["body","name"],"msg":"ensure this value has at least 1 characters","type":"value_error.any_str.min_length","ctx":{"limit_value":1}}]})");
  EXPECT_EQ(fixture.post("/items", "{\"name\":\"\xff\"}"), R"(400 {"detail":"There was an error parsing the body"})");
  EXPECT_EQ(fixture.post("/items", std::string(100'000, '[')).substr(0, 4), "400 ");
  EXPECT_EQ(fixture.post("/items", "\xEF\xBB\xBF{\"name\":\"a\"}").substr(0, 4), "200 ");
}

TEST_F(Binding, ContentTypesOfJson) {
  const std::string body = R"({"name":"a"})";
  const std::string no_dict = R"(422 {"detail":[{"loc":["body"],"msg":"value is not a valid dict","type":"type_error.dict"}]})";
  EXPECT_EQ(fixture.ask("POST", "/items", body).substr(0, 4), "200 ");
  EXPECT_EQ(fixture.post("/items", body, "application/vnd.x+json; charset=utf-8").substr(0, 4), "200 ");
  EXPECT_EQ(fixture.post("/items", body, "APPLICATION/JSON").substr(0, 4), "200 ");
  EXPECT_EQ(fixture.post("/items", body, "text/plain"), no_dict);
  EXPECT_EQ(fixture.post("/items", body, "application/x-www-form-urlencoded"), no_dict);
  EXPECT_EQ(fixture.post("/any", body, "text/plain").substr(0, 4), "422 ");
}

TEST_F(Binding, Forms) {
  const std::string type = "application/x-www-form-urlencoded";
  const std::string missing = R"(422 {"detail":[{"loc":["body","a"],"msg":"field required","type":"value_error.missing"}]})";
  EXPECT_EQ(fixture.post("/f", "a=1+2%20&b=3", type), R"(200 {"a":"1 2 ","b":3})");
  EXPECT_EQ(fixture.post("/f", "a=&b=", type), missing);
  EXPECT_EQ(fixture.post("/f", "", type), missing);
  EXPECT_EQ(fixture.post("/f", R"({"a":1})"), missing);
  EXPECT_EQ(fixture.post("/f", "a=x&b=y", type),
            R"(422 {"detail":[{"loc":["body","b"],"msg":"value is not a valid integer","type":"type_error.integer"}]})");
}

std::string part(const std::string& name, const std::string& text, const std::string& more = {}) {
  return "--b\r\nContent-Disposition: form-data; name=\"" + name + "\"" + more + "\r\n\r\n" + text + "\r\n";
}

TEST_F(Binding, Files) {
  const std::string type = "multipart/form-data; boundary=b";
  const std::string file = part("f", "content", "; filename=\"n.txt\"\r\nContent-Type: text/plain");
  EXPECT_EQ(fixture.post("/u", file + "--b--\r\n", type), "200 n.txt:content:text/plain-");
  EXPECT_EQ(fixture.post("/u",
                         file + part("fs", "1", "; filename=\"a\"") + part("fs", "2", "; filename=\"b\"") +
                             part("maybe", "3", "; filename=\"c\"") + "--b--\r\n",
                         type),
            "200 n.txt:content:text/plain,a,b+");
  // A text where a file belongs, even one that looks like the number of a file.
  EXPECT_THAT(fixture.post("/u", part("f", "0") + part("fs", "1", "; filename=\"a\"") + "--b--\r\n", type),
              ::testing::StartsWith(R"(422 {"detail":[{"loc":["body","f"],"msg":"a file is expected here)"));
  EXPECT_THAT(fixture.post("/u", "f=1", "application/x-www-form-urlencoded"),
              ::testing::StartsWith(R"(422 {"detail":[{"loc":["body","f"])"));
  EXPECT_EQ(fixture.post("/u", "--b--\r\n", type),
            R"(422 {"detail":[{"loc":["body","f"],"msg":"field required","type":"value_error.missing"}]})");
  EXPECT_EQ(fixture.post("/u", "nonsense", type), R"(400 {"detail":"There was an error parsing the body"})");
  // A file for a member that is none.
  EXPECT_THAT(fixture.post("/f", part("a", "1", "; filename=\"x\"") + "--b--\r\n", type), ::testing::StartsWith("422 "));
}

TEST_F(Binding, PathsAreDecoded) {
  EXPECT_EQ(fixture.get("/files/a/b%20c"), "200 /files/a/b c");
  EXPECT_EQ(fixture.get("/files/"), "200 /files/");
  EXPECT_EQ(fixture.get("/items/5%36?q=x&l=1", {{"x-api-key", "k"}, {"cookie", "session=1"}}).substr(0, 12), R"(200 {"id":56)");
}

TEST(BindingDocuments, LikeThoseOfPost) {
  AppFixture fixture;
  fixture.app.post(
      "/doc", [](Json<Document> doc) { return doc->text() + "/" + std::to_string(doc->embedding ? doc->embedding->shape[0] : 0); });
  fixture.app.post("/docs", [](Json<DocumentArray> docs) { return docs->size(); });
  EXPECT_EQ(fixture.post("/doc", R"({"text":"hi","embedding":[1,2,3]})"), "200 hi/3");
  EXPECT_EQ(fixture.post("/docs", R"([{"text":"a"},{}])"), "200 2");
  EXPECT_EQ(fixture.post("/docs", R"([{"text":"a"},{"text":[1]}])"),
            R"(422 {"detail":[{"loc":["body",1,"text"],"msg":"str type expected","type":"type_error.str"}]})");
  EXPECT_EQ(fixture.post("/doc", "3"),
            R"(422 {"detail":[{"loc":["body"],"msg":"value is not a valid dict","type":"type_error.dict"}]})");
}

}  // namespace
}  // namespace jina::app
