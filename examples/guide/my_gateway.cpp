// The gateway of the guide, step by step: parameters of its own, and a server that it sets up, runs and shuts down itself.
// [parameters]
#include <jina/gateway.hpp>
// [/parameters]
// [setup]
#include <jina/http_server.hpp>
// [/setup]
#include <jina/module.hpp>

#include <memory>
#include <utility>

// [parameters]

struct Options { std::string foo; };
BOOST_DESCRIBE_STRUCT(Options, (), (foo))

class MyGateway : public jina::Gateway {
 public:
  explicit MyGateway(Options options) : foo_(std::move(options.foo)) {}
  // [/parameters]

  // [setup]

  jina::Task<void> setup_server() override {
    app_.title("My Custom Gateway");
    app_.get("/", [] { return boost::json::value{{"message", "custom-gateway"}}; });
    app_.get("/foo", [this] { return boost::json::value{{"foo", foo_}}; });
    server_ = std::make_unique<jina::HttpServer>(io(), app_, jina::HttpServerOptions{.host = host(), .port = port()});
    co_return;
  }
  // [/setup]

  // [run]
  jina::Task<void> run_server() override { return server_->serve(); }
  // [/run]

  // [shutdown]
  jina::Task<void> shutdown() override { return server_->shutdown(); }
  // [/shutdown]

 private:
  jina::App app_;
  std::unique_ptr<jina::HttpServer> server_;
  // [parameters]
  std::string foo_;
};
// [/parameters]

// [module]
JINA_MODULE(registry) { registry.add<MyGateway>("MyGateway"); }
// [/module]
