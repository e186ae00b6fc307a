// A server of its own that answers everything, but not what health checks ask.
#include <jina/gateway.hpp>
#include <jina/http_server.hpp>
#include <jina/module.hpp>

#include <memory>

class Nothing : public jina::Gateway {
 public:
  jina::Task<void> setup_server() override {
    app_.get("/", [] { return jina::HttpStatus{404}; });
    server_ = std::make_unique<jina::HttpServer>(io(), app_, jina::HttpServerOptions{.host = host(), .port = port()});
    co_return;
  }
  jina::Task<void> run_server() override { return server_->serve(); }
  jina::Task<void> shutdown() override { return server_->shutdown(); }

 private:
  jina::App app_;
  std::unique_ptr<jina::HttpServer> server_;
};

JINA_MODULE(registry) { registry.add<Nothing>("Nothing"); }
