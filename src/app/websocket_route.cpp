// WebSocket routes: the decision on a handshake, and the run of the handler.
#include <spdlog/spdlog.h>

#include <algorithm>

#include "app/answer.hpp"
#include "app/app_handler.hpp"
#include "app/convert.hpp"
#include "app/middleware_chain.hpp"
#include "app/repair_utf8.hpp"
#include "app/responses.hpp"
#include "app/websocket_adapter.hpp"
#include "protocol/http/syntax.hpp"

namespace jina::app {
namespace {

// What a connection needs until its handler is done.
struct Connection {
  HttpRequest request;
  Metadata metadata;  // of the handshake's context: what middleware put there
  PathValues values;
  const RouteInfo& route;
  const AppEnvironment& environment;
};

Task<void> run_connection(std::shared_ptr<Connection> connection, RequestContext& context,
                          std::shared_ptr<http::WebSocket> socket) {
  const std::unique_ptr<ClosableWebSocket> adapted = adapt(std::move(socket));
  Call call(connection->route, connection->request, context, connection->values, connection->environment);
  call.socket = adapted.get();
  context.metadata = connection->metadata;
  std::uint16_t code = 1000;
  std::string reason;
  std::exception_ptr thrown;
  try {
    const Operation& operation = connection->route.operation;
    if (operation.bind(call)) {  // checked at the handshake already
      Task<void> task = operation.start(operation.target.get(), call);
      co_await std::move(task);
    }
  } catch (...) {
    thrown = std::current_exception();
  }
  if (thrown && !context.cancelled()) {
    try {
      std::rethrow_exception(thrown);
    } catch (const HttpError& error) {
      code = 1008;
      if (const auto* text = error.detail().if_string()) reason = std::string(text->data(), text->size());
    } catch (...) {
      code = 1011;
      reason = "error " + log_exception(connection->environment, connection->route.label(), thrown);
    }
  }
  if (adapted->closed()) co_return;
  Task<void> close = adapted->close(code, std::move(reason));
  co_await std::move(close);
}

// The first of ours that the client offers.
std::string choose_subprotocol(const RouteInfo& route, const Metadata& headers) {
  for (const std::string& name : route.subprotocols)
    for (const auto& [header, value] : headers) {
      if (header != "sec-websocket-protocol") continue;
      std::string_view offered = value;
      while (!offered.empty()) {
        const auto comma = offered.find(',');
        if (http::trim(offered.substr(0, comma)) == name) return name;
        offered = comma == std::string_view::npos ? std::string_view{} : offered.substr(comma + 1);
      }
    }
  return {};
}

http::WebSocketDecision refused(HttpResponse response) {
  http::WebSocketDecision decision;
  decision.refusal = to_server(std::move(response));
  return decision;
}

}  // namespace

http::WebSocketDecision AppHandler::accept(const RouteMatch& match, const HttpRequest& request, const RequestContext& context) {
  auto connection = std::make_shared<Connection>(Connection{request, context.metadata, {}, *match.route, environment_});
  for (std::size_t i = 0; i < match.values.size(); ++i) {
    connection->values.emplace_back(match.route->parameters[i], match.values[i]);
    repair_utf8(connection->values.back().second);
  }
  {
    // Whether the input is right is known before the connection is: the client sees why it is refused.
    RequestContext scratch;
    scratch.metadata = context.metadata;
    scratch.peer = context.peer;
    Call check(*match.route, connection->request, scratch, connection->values, environment_);
    HttpResponse wrong;
    try {
      if (!match.route->operation.bind(check)) wrong = refuse_input(check);
    } catch (...) {
      wrong = error_answer(check, std::current_exception());
    }
    if (wrong.status == 422) wrong.status = 403;
    if (wrong.status != 200) return refused(std::move(wrong));
  }
  http::WebSocketDecision decision;
  decision.route = match.route->path;
  decision.subprotocol = choose_subprotocol(*match.route, request.headers);
  decision.run = [connection](RequestContext& running, std::shared_ptr<http::WebSocket> socket) {
    return run_connection(connection, running, std::move(socket));
  };
  return decision;
}

Task<HttpResponse> AppHandler::answer_handshake(HttpRequest& request, RequestContext& context, http::WebSocketDecision& decision) {
  const RouteMatch match = app_.websocket_router.find(kWebSocketMethod, request.path);
  if (match.route != nullptr) {
    decision = accept(match, request, context);
  } else if (fallback_ != nullptr) {
    const http::Request copy = to_server(request);
    Task<http::WebSocketDecision> task = fallback_->decide_websocket(context, copy);
    decision = co_await std::move(task);
  } else {
    decision = refused(to_user(detail_response(403, "There is no WebSocket here")));
  }
  if (!decision.run) co_return to_user(std::move(decision.refusal));
  HttpResponse switching;
  switching.status = 101;
  co_return switching;
}

// Middleware sees handshakes as requests whose answer is 101; headers that it adds to that go out with it.
Task<http::WebSocketDecision> AppHandler::decide_websocket(RequestContext& context, const http::Request& raw) {
  http::Request copy = raw;
  HttpRequest request = to_user(std::move(copy));
  const RouteMatch match = app_.websocket_router.find(kWebSocketMethod, raw.path);
  const AppState& scope = match.route != nullptr ? match.route->scope : app_;
  http::WebSocketDecision decision;
  const Innermost innermost = [this, &context, &decision](HttpRequest& changed) {
    return answer_handshake(changed, context, decision);
  };
  Task<HttpResponse> task = run_middleware(app_, scope, request, context, environment_, innermost);
  HttpResponse answer = co_await std::move(task);
  if (answer.status != 101 || !decision.run) co_return refused(std::move(answer));
  decision.headers = std::move(answer.headers);
  co_return decision;
}

}  // namespace jina::app
