// Says for itself whether it is alive and ready.
#include <jina/http_gateway.hpp>
#include <jina/module.hpp>

class OwnHealth : public jina::HttpGateway {
 public:
  void setup_app(jina::App& app) override {
    app.get("/livez", [] { return std::string("mine"); });
    app.get("/readyz", [] { return std::string("mine"); });
  }
};

JINA_MODULE(registry) { registry.add<OwnHealth>("OwnHealth"); }
