// Routes only: jina::HttpGateway brings the server.
// [all]
#include <jina/http_gateway.hpp>
#include <jina/module.hpp>

class DummyHttpGateway : public jina::HttpGateway {
  void setup_app(jina::App& app) override {
    app.title("Custom HTTP Gateway");
    app.get("/", [] { return boost::json::value{{"message", "custom-http-gateway"}}; });
  }
};

JINA_MODULE(registry) { registry.add<DummyHttpGateway>("DummyHttpGateway"); }
// [/all]
