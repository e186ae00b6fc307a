#include "gateway/http_ports.hpp"

#include <spdlog/spdlog.h>

#include <boost/json/object.hpp>
#include <stdexcept>
#include <utility>

#include "base/await_callback.hpp"
#include "gateway/http/health_responses.hpp"
#include "gateway/http/http_handler.hpp"
#include "gateway/http/openapi.hpp"
#include "jina/response_stream.hpp"

namespace jina::gateway {
namespace {

namespace json = boost::json;

std::vector<std::string> all_names(const UserServices& services) {
  std::vector<std::string> names = grpc::jina_service_names();
  for (std::string& name : services.names()) names.push_back(std::move(name));
  return names;
}

app::BuiltinRoute health_route(std::string path, std::function<http::Response()> answer) {
  app::BuiltinRoute route;
  route.methods = {"GET", "HEAD"};
  route.path = std::move(path);
  route.open = true;
  route.plain = [answer = std::move(answer)](const HttpRequest&) {
    http::Response made = answer();
    HttpResponse response;
    response.status = made.status;
    response.headers = std::move(made.headers);
    response.body = made.body.flatten();
    return response;
  };
  return route;
}

// A handler that lets the failure of a call through: it names the Executor and its addresses, which is what the client has to know.
app::ErrorHandler unreachable_executor() {
  app::ErrorHandler handler = app::detail::make_error_handler<RequestFailed>([](const RequestFailed&) { return HttpStatus{503}; });
  handler.handle = [](const std::exception_ptr& thrown, const HttpRequest& request, HttpResponse& response) {
    try {
      std::rethrow_exception(thrown);
    } catch (const RequestFailed& failure) {
      const StatusCode code = failure.status().code;
      const bool late = code == StatusCode::kDeadlineExceeded;
      if (!late && code != StatusCode::kUnavailable && code != StatusCode::kNotFound) return false;
      spdlog::error("{} {}: {}", request.method, request.path, failure.what());
      response = HttpResponse::json({{"detail", failure.status().message}}, late ? 504 : 503);
      return true;
    } catch (...) {
      return false;
    }
  };
  return handler;
}

}  // namespace

PortRole role_of_port(const PortRole& wanted, const GatewayPort& port, const std::vector<GatewayPort>& all) {
  const auto here = [&](bool PortRole::*protocol) {
    if (!(wanted.*protocol)) return false;
    if (port.role.*protocol) return true;
    for (const GatewayPort& other : all)
      if (other.role.*protocol) return false;
    return true;
  };
  return {.grpc = here(&PortRole::grpc), .http = here(&PortRole::http), .websocket = here(&PortRole::websocket)};
}

struct HttpPorts::Face {
  std::unique_ptr<http::Handler> jina{};  // what the App does not answer
  std::unique_ptr<app::AppHandler> app{};
  std::unique_ptr<protocol::Server> server{};
};

HttpPorts::HttpPorts(boost::asio::io_context& io, GatewayCore& core, HttpPortsOptions options, App& app, GrpcServices services)
    : io_(io),
      core_(core),
      options_(core.options()),
      with_(std::move(options)),
      app_(app),
      services_(std::move(services)),
      health_(std::make_shared<grpc::HealthState>(all_names(services_))) {
  options_.cors = false;
  if (auto* hosts = core.hosts()) hosts->watch_health([health = health_](bool well) { health->set_able(well); });
}

HttpPorts::~HttpPorts() = default;

Status HttpPorts::listen() {
  try {
    make_service_table();
    Result<std::vector<GatewayPort>> layout = layout_ports(options_);
    if (!layout) return std::move(layout).error();
    for (const GatewayPort& port : *layout) {
      faces_.push_back(make_face(port, *layout));
      if (Result<std::uint16_t> bound = faces_.back()->server->listen(); !bound) return std::move(bound).error();
    }
  } catch (const std::invalid_argument& error) {
    return {StatusCode::kInvalidArgument, error.what()};
  }
  return {};
}

void HttpPorts::make_service_table() {
  if (with_.jina.grpc) grpc::add_jina_services(table_, core_.handler());
  grpc::add_health_service(table_, health_);
  grpc::add_reflection_service(table_, with_.jina.grpc ? all_names(services_) : services_.names());
  services_.add_to(table_);
}

std::unique_ptr<HttpPorts::Face> HttpPorts::make_face(const GatewayPort& port, const std::vector<GatewayPort>& all) {
  auto face = std::make_unique<Face>();
  const PortRole jina = role_of_port(with_.jina, port, all);
  if (jina.http || jina.websocket) face->jina = make_gateway_http_handler(options_, jina, core_.handler(), health_);
  face->app = std::make_unique<app::AppHandler>(app_, environment(jina), face->jina.get());
  face->app->add_builtin_route(health_route("/livez", live_response));
  face->app->add_builtin_route(
      health_route("/readyz", [health = health_] { return ready_response(health->serving("").value_or(false)); }));
  protocol::ServerOptions server;
  server.host = options_.host;
  server.port = port.port;
  server.tls = {options_.ssl_certfile, options_.ssl_keyfile};
  server.tracer = core_.tracer();
  server.drain_delay = options_.drain_delay;
  // Health checks of a gateway whose protocol is gRPC come as gRPC, whether it has services of its own or not.
  const bool grpc = port.role.grpc || jina.grpc || !services_.names().empty();
  face->server = std::make_unique<protocol::Server>(io_, server, grpc ? &table_ : nullptr, face->app.get());
  return face;
}

app::AppEnvironment HttpPorts::environment(const PortRole& role) const {
  app::AppEnvironment environment{.io = io_};
  environment.class_name = with_.class_name;
  environment.title = options_.title;
  environment.description = description_of(options_);
  environment.workers = core_.workers();
  environment.error_handlers.push_back(unreachable_executor());
  if (!role.http && !role.websocket) return environment;
  const std::vector<Route> routes = make_routes(options_, role);
  json::object document = openapi_document(options_, routes);
  environment.extra_paths = std::move(document.at("paths").as_object());
  environment.extra_schemas = std::move(document.at("components").at("schemas").as_object());
  if (json::value* tags = document.if_contains("tags")) environment.extra_tags = std::move(tags->as_array());
  return environment;
}

void HttpPorts::set_ready() { health_->set_serving(true); }

Task<void> HttpPorts::stop(std::chrono::milliseconds grace) {
  health_->stop();
  std::size_t running = faces_.size();
  auto stop_servers = [&](UniqueFunction<void(bool)> done) {
    if (running == 0) return done(true);
    auto all = std::make_shared<UniqueFunction<void(bool)>>(std::move(done));
    for (const auto& face : faces_) {
      face->server->stop(grace, [&running, all] {
        if (--running == 0) (*all)(true);
      });
    }
  };
  co_await await_callback<bool>(stop_servers);
  auto wait_for_services = [&](UniqueFunction<void(bool)> done) {
    services_.when_idle([done = std::move(done)]() mutable { done(true); });
  };
  co_await await_callback<bool>(wait_for_services);
  for (const auto& face : faces_) co_await face->app->finish();
}

}  // namespace jina::gateway
