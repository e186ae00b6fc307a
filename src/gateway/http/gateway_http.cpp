#include "gateway/http/gateway_http.hpp"

#include <spdlog/spdlog.h>

#include "app/cors.hpp"
#include "app/docs_pages.hpp"
#include "app/responses.hpp"
#include "gateway/http/data_route.hpp"
#include "gateway/http/health_responses.hpp"
#include "gateway/http/openapi.hpp"
#include "gateway/http/websocket_session.hpp"

namespace jina::gateway {

namespace cors = app::cors;
using app::detail_response;
using app::json_response;
using app::redirect_response;
using app::static_json_response;

GatewayHttp::GatewayHttp(const GatewayOptions& options, PortRole role, protocol::RequestHandler& gateway,
                         std::shared_ptr<const grpc::HealthState> health)
    : options_(options),
      role_(role),
      gateway_(gateway),
      health_(std::move(health)),
      routes_(make_routes(options, role)),
      router_(routes_) {}

Task<http::Response> GatewayHttp::handle(RequestContext& context, http::Request request) {
  const bool cors = options_.cors && role_.http;
  if (cors)
    if (auto answer = cors::preflight(request)) co_return std::move(*answer);
  http::Response response = co_await route(context, request);
  if (cors) cors::mark(request, response);
  co_return response;
}

Task<http::Response> GatewayHttp::route(RequestContext& context, const http::Request& request) {
  const RouteMatch match = router_.match(request.method, request.path);
  if (!match.redirect.empty()) co_return redirect_response(request, match.redirect);
  if (!match.allow.empty()) {
    http::Response response = detail_response(405, "Method Not Allowed");
    response.headers.emplace_back("allow", match.allow);
    co_return response;
  }
  if (match.route == nullptr) co_return detail_response(404, "Not Found");

  context.route = match.route->path;
  switch (match.route->kind) {
    case RouteKind::kRoot: co_return static_json_response(200, "{}");
    case RouteKind::kLive: co_return live_response();
    case RouteKind::kReady: co_return ready_response(health_ == nullptr || health_->serving("").value_or(false));
    case RouteKind::kDryRun: co_return co_await serve_dry_run(gateway_, context);
    case RouteKind::kStatus: co_return co_await serve_status(gateway_, context);
    case RouteKind::kPost:
    case RouteKind::kEndpoint: co_return co_await serve_data(*match.route, gateway_, context, request);
    case RouteKind::kOpenApi: co_return json_response(200, Buffer::copy_of(openapi()));
    case RouteKind::kSwagger: co_return app::docs_page(app::DocsPage::kSwagger, options_.title);
    case RouteKind::kSwaggerOAuth: co_return app::docs_page(app::DocsPage::kSwaggerOAuth, options_.title);
    case RouteKind::kRedoc: co_return app::docs_page(app::DocsPage::kRedoc, options_.title);
    case RouteKind::kAsset: co_return app::docs_asset(request.path, request.headers);
  }
  co_return detail_response(404, "Not Found");
}

const std::string& GatewayHttp::openapi() {
  if (openapi_.empty()) openapi_ = make_openapi(options_, routes_);
  return openapi_;
}

http::WebSocketDecision GatewayHttp::accept_websocket(const http::Request& request) {
  http::WebSocketDecision decision;
  const bool dry_run = request.path == "/dry_run";
  if (!role_.websocket || (request.path != "/" && !dry_run)) {
    decision.refusal = detail_response(
        403, role_.websocket ? "There is no WebSocket here; use / or /dry_run" : "This port does not serve WebSocket");
    return decision;
  }
  Subprotocol chosen = choose_subprotocol(request);
  decision.subprotocol = std::move(chosen.name);
  decision.route = dry_run ? "/dry_run" : "/";
  if (dry_run) {
    decision.run = [this, &codec = chosen.codec](RequestContext& context, std::shared_ptr<http::WebSocket> socket) {
      return serve_websocket_dry_run(gateway_, codec, context, std::move(socket));
    };
  } else {
    const WebSocketLimits limits{
        .prefetch = options_.prefetch, .drain = options_.grace, .tracer = options_.tracing.tracer(options_.name)};
    decision.run = [this, &codec = chosen.codec, limits](RequestContext& context, std::shared_ptr<http::WebSocket> socket) {
      return serve_websocket(gateway_, codec, limits, context, std::move(socket));
    };
  }
  return decision;
}

}  // namespace jina::gateway
