// A class that bad_gateways.cpp has too.
#include <jina/http_gateway.hpp>
#include <jina/module.hpp>

struct Quiet : jina::HttpGateway {
  void setup_app(jina::App&) override {}
};

JINA_MODULE(registry) { registry.add<Quiet>("Quiet"); }
