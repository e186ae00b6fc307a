// The class that config.yml configures: what it was given is what it answers.
#include <jina/http_gateway.hpp>
#include <jina/module.hpp>

#include <utility>

struct Arguments {
  std::string arg1;
  std::string arg2 = "nobody";
};
BOOST_DESCRIBE_STRUCT(Arguments, (), (arg1, arg2))

class MyCustomGateway : public jina::HttpGateway {
 public:
  explicit MyCustomGateway(Arguments arguments) : arguments_(std::move(arguments)) {}
  void setup_app(jina::App& app) override {
    app.get("/", [this] { return arguments_; });
  }

 private:
  Arguments arguments_;
};

JINA_MODULE(registry) { registry.add<MyCustomGateway>("MyCustomGateway"); }
