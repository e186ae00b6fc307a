// The gateway of the guide, step by step: parameters of its own, and a server that it sets up, runs and shuts down itself.
// [parameters]
#include <jina/gateway.hpp>
// [/parameters]
// [setup]
#include <jina/http_server.hpp>
// [/setup]
#include <jina/module.hpp>

#include <memory>

// [parameters]

struct Options { std::string foo; };
BOOST_DESCRIBE_STRUCT(Options, (), (foo))

struct MyGateway : jina::Gateway {
  explicit MyGateway(Options options) : foo(options.foo) {}
  // [/parameters]

  // [setup]

  jina::Task<void> setup_server() override {
    app.title("My Custom Gateway");
    app.get("/", [] { return boost::json::value{{"message", "custom-gateway"}}; });
    app.get("/foo", [this] { return boost::json::value{{"foo", foo}}; });
    server = std::make_unique<jina::HttpServer>(io(), app, jina::HttpServerOptions{.host = host(), .port = port()});
    co_return;
  }
  // [/setup]

  // [run]
  jina::Task<void> run_server() override { return server->serve(); }
  // [/run]

  // [shutdown]
  jina::Task<void> shutdown() override { return server->shutdown(); }
  // [/shutdown]

  jina::App app;
  std::unique_ptr<jina::HttpServer> server;
  // [parameters]
  std::string foo;
};
// [/parameters]

// [module]
JINA_MODULE(registry) { registry.add<MyGateway>("MyGateway"); }
// [/module]
