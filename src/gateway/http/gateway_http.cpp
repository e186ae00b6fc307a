#include "gateway/http/gateway_http.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "app/cors.hpp"
#include "app/docs_pages.hpp"
#include "app/document_input.hpp"
#include "app/responses.hpp"
#include "gateway/http/data_route.hpp"
#include "gateway/http/health_responses.hpp"
#include "gateway/http/openapi.hpp"
#include "gateway/http/stream_route.hpp"
#include "gateway/http/websocket_session.hpp"

namespace jina::gateway {

namespace cors = app::cors;
using app::detail_response;
using app::json_response;
using app::redirect_response;
using app::static_json_response;

GatewayHttp::GatewayHttp(const GatewayOptions& options, PortRole role, protocol::RequestHandler& gateway,
                         std::shared_ptr<const grpc::HealthState> health, EndpointTable* endpoints)
    : options_(options),
      role_(role),
      gateway_(gateway),
      health_(std::move(health)),
      routes_(make_routes(options, role)),
      router_(routes_),
      endpoints_(role.http ? endpoints : nullptr) {
  for (const Route& route : routes_)
    if (route.kind == RouteKind::kPost) post_path_ = route.path;
}

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
  const bool fixed = match.route != nullptr && (match.route->kind != RouteKind::kEndpoint || request.method != "GET");
  if (!fixed && endpoints_ != nullptr) {
    Task<std::optional<http::Response>> task = streamed(match, context, request);
    if (std::optional<http::Response> response = co_await std::move(task)) co_return std::move(*response);
  }
  if (!match.allow.empty()) co_return wrong_method(request, match.allow);
  if (match.route == nullptr) co_return detail_response(404, "Not Found");

  context.route = match.route->path;
  switch (match.route->kind) {
    case RouteKind::kRoot: co_return static_json_response(200, "{}");
    case RouteKind::kLive: co_return live_response();
    case RouteKind::kReady: co_return ready_response(health_ == nullptr || health_->serving("").value_or(false));
    case RouteKind::kDryRun: co_return co_await serve_dry_run(gateway_, context);
    case RouteKind::kStatus: co_return co_await serve_status(gateway_, context);
    case RouteKind::kPost:
    case RouteKind::kStream:
    case RouteKind::kEndpoint: co_return co_await serve_data(*match.route, gateway_, context, request);
    case RouteKind::kOpenApi: co_return co_await openapi();
    case RouteKind::kSwagger: co_return app::docs_page(app::DocsPage::kSwagger, options_.title);
    case RouteKind::kSwaggerOAuth: co_return app::docs_page(app::DocsPage::kSwaggerOAuth, options_.title);
    case RouteKind::kRedoc: co_return app::docs_page(app::DocsPage::kRedoc, options_.title);
    case RouteKind::kAsset: co_return app::docs_asset(request.path, request.headers);
  }
  co_return detail_response(404, "Not Found");
}

Task<std::optional<http::Response>> GatewayHttp::streamed(const RouteMatch& match, RequestContext& context,
                                                          const http::Request& request) {
  // A path that only other methods have: whether it streams matters for GET alone, and not for what is the gateway's own.
  const auto is_fixed = [&request](const Route& one) { return one.path == request.path && one.kind != RouteKind::kEndpoint; };
  if (!match.allow.empty() && (request.method != "GET" || std::any_of(routes_.begin(), routes_.end(), is_fixed)))
    co_return std::nullopt;
  const StreamRoute route{gateway_, *endpoints_, post_path_};
  const std::string& endpoint = match.route == nullptr ? request.path : match.route->exec_endpoint;
  Task<std::optional<http::Response>> task =
      serve_stream(route, endpoint, match.route == nullptr ? match.allow : request.method, context, request);
  co_return co_await std::move(task);
}

Task<http::Response> GatewayHttp::openapi() {
  if (endpoints_ == nullptr) co_return json_response(200, Buffer::take(make_openapi(options_, routes_)));
  Task<std::vector<KnownEndpoint>> asking = streaming_endpoints(*endpoints_);
  std::vector<Route> all = routes_;
  for (const KnownEndpoint& endpoint : co_await std::move(asking)) {
    const RouteMatch taken = router_.match("GET", app::endpoint_path(endpoint.name));
    if (taken.route == nullptr) all.push_back(stream_route(endpoint.name));
  }
  co_return json_response(200, Buffer::take(make_openapi(options_, all)));
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
