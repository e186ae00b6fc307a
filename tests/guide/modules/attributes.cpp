// Answers what the runtime injected: in the constructor, in setup_app and when asked.
#include <jina/http_gateway.hpp>
#include <jina/module.hpp>

class Attributes : public jina::HttpGateway {
 public:
  Attributes() : name_in_constructor_(name()), port_in_constructor_(port()), tracing_in_constructor_(tracing()) {
    logger().info("the constructor of " + name() + " may log");
  }
  void setup_app(jina::App& app) override {
    app.get("/", &Attributes::attributes);
    app.get("/runtime_args", [this] { return boost::json::value(runtime_args().all); });
    app.get("/spans", &Attributes::spans);
    app.get("/count", [this] {
      counted_.add();
      level_.set(7);
      took_.observe(0.5);
      return metrics().enabled();
    });
  }
  boost::json::value attributes() {
    boost::json::array all_ports(ports().begin(), ports().end());
    boost::json::array all_protocols;
    for (const std::string& protocol : protocols()) all_protocols.emplace_back(protocol);
    return {
        {"name", name()},
        {"host", host()},
        {"port", port()},
        {"ports", all_ports},
        {"protocols", all_protocols},
        {"tracing", tracing()},
        {"in_constructor", {{"name", name_in_constructor_}, {"port", port_in_constructor_}, {"tracing", tracing_in_constructor_}}}};
  }
  boost::json::value spans() {
    jina::Span mine = tracer().start_span("mine");
    jina::Span other = tracer_provider().tracer("elsewhere").start_span("other", {.parent = mine.context()});
    return {{"enabled", tracer_provider().enabled()},
            {"trace", mine.context().traceparent()},
            {"same_trace", mine.context().trace_id == other.context().trace_id}};
  }

 private:
  std::string name_in_constructor_;
  int port_in_constructor_;
  bool tracing_in_constructor_;
  jina::MetricCounter counted_ = metrics().counter("counted", "Calls of /count", {{"kind", "test"}});
  jina::MetricGauge level_ = metrics().gauge("level", "");
  jina::MetricSummary took_ = metrics().summary("took_seconds", "");
};

JINA_MODULE(registry) { registry.add<Attributes>("Attributes"); }
