// A gateway that answers by itself: GET /?name=Ada
#pragma once
#include <jina/http_gateway.hpp>

struct Guest {
  std::string name;
};
BOOST_DESCRIBE_STRUCT(Guest, (), (name))

struct Greeting {
  std::string greeting;
};
BOOST_DESCRIBE_STRUCT(Greeting, (), (greeting))

struct Manners {
  std::string salute = "Hello";
};
BOOST_DESCRIBE_STRUCT(Manners, (), (salute))

class Greeter : public jina::HttpGateway {
 public:
  explicit Greeter(Manners manners) : manners_(std::move(manners)) {}

  void setup_app(jina::App& app) override {
    app.title("Greeter");
    app.get("/", &Greeter::greet);
  }

  Greeting greet(jina::Query<Guest> guest) { return {manners_.salute + ", " + guest->name + "!"}; }

 private:
  Manners manners_;
};
