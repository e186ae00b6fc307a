// Custom gateways that speak Jina's protocols beside routes of their own, and one that answers no health check.
#include <jina/builtin_gateways.hpp>
#include <jina/module.hpp>

namespace {

boost::json::value hello() { return {{"hello", "from a route of its own"}}; }

}  // namespace

// All of Jina's protocols on one port.
class Everything : public jina::HttpGateway {
 public:
  void setup_app(jina::App& app) override {
    app.get("/hello", hello);
    app.get("/status", [] { return boost::json::value{{"status", "mine"}}; });  // comes before Jina's
    serve_jina_grpc();
    serve_jina_http();
    serve_jina_websocket();
  }
};

class MyGrpc : public jina::builtin::GRPCGateway {
 public:
  void setup_app(jina::App& app) override { app.get("/hello", hello); }
};
class MyHttp : public jina::builtin::HTTPGateway {
 public:
  void setup_app(jina::App& app) override { app.get("/hello", hello); }
};
class MyWebSocket : public jina::builtin::WebSocketGateway {
 public:
  void setup_app(jina::App& app) override { app.get("/hello", hello); }
};
class MyComposite : public jina::builtin::CompositeGateway {
 public:
  void setup_app(jina::App& app) override { app.get("/hello", hello); }
};

// Answers GET / with 500, as a gateway would that forgot what it is for.
class Unhealthy : public jina::HttpGateway {
 public:
  void setup_app(jina::App& app) override {
    app.get("/", [] { return jina::HttpStatus{500}; });
  }
};

JINA_MODULE(registry) {
  registry.add<Everything>("Everything").add<MyGrpc>("MyGrpc").add<MyHttp>("MyHttp").add<MyWebSocket>("MyWebSocket");
  registry.add<MyComposite>("MyComposite").add<Unhealthy>("Unhealthy");
}
