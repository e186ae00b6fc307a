// A gateway on cpp-httplib: its server keeps threads of its own, and handlers wait on them for the Flow.
#include <httplib.h>
#include <jina/blocking.hpp>
#include <jina/gateway.hpp>
#include <jina/module.hpp>

#include <exception>
#include <stdexcept>

class HttplibGateway : public jina::Gateway {
 public:
  jina::Task<void> setup_server() override {
    server_.Get("/", [](const httplib::Request&, httplib::Response& response) { response.set_content("{}", "application/json"); });
    server_.Post("/upper", [this](const httplib::Request& request, httplib::Response& response) {
      const auto docs = streamer().post_blocking({jina::Document{{.text = request.body}}}, {.exec_endpoint = "/upper"});
      response.set_content(docs.at(0).text(), "text/plain");
    });
    server_.set_exception_handler([this](const httplib::Request& request, httplib::Response& response, std::exception_ptr thrown) {
      try {
        std::rethrow_exception(thrown);
      } catch (const std::exception& error) {
        logger().error(request.path + ": " + error.what());
        response.status = 503;
        response.set_content("the Flow did not answer\n", "text/plain");
      }
    });
    if (!server_.bind_to_port(host(), port())) throw std::runtime_error("port " + std::to_string(port()) + " is taken");
    co_return;
  }

  jina::Task<void> run_server() override {
    return jina::run_blocking([this] { server_.listen_after_bind(); });
  }

  jina::Task<void> shutdown() override {
    server_.stop();
    co_return;
  }

 private:
  httplib::Server server_;
};

JINA_MODULE(registry) { registry.add<HttplibGateway>("HttplibGateway"); }
