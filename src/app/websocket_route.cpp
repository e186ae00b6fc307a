// WebSocket routes: the decision on a handshake, and the run of the handler.
#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>

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
  PathValues values;
  const RouteInfo& route;
  const AppEnvironment& environment;
};

Task<void> run_connection(std::shared_ptr<Connection> connection, RequestContext& context,
                          std::shared_ptr<http::WebSocket> socket) {
  const std::unique_ptr<ClosableWebSocket> adapted = adapt(std::move(socket));
  Call call(connection->route, connection->request, context, connection->values, connection->environment);
  call.socket = adapted.get();
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
std::string choose_subprotocol(const RouteInfo& route, const http::Request& request) {
  for (const std::string& name : route.subprotocols)
    for (const auto& [header, value] : request.headers) {
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

http::WebSocketDecision AppHandler::accept(const http::Request& request) {
  const RouteMatch match = app_.websocket_router.find(kWebSocketMethod, request.path);
  if (match.route == nullptr) {
    if (fallback_ != nullptr) return fallback_->accept_websocket(request);
    return refused(to_user(detail_response(403, "There is no WebSocket here")));
  }
  http::Request copy = request;
  auto connection = std::make_shared<Connection>(Connection{to_user(std::move(copy)), {}, *match.route, environment_});
  for (std::size_t i = 0; i < match.values.size(); ++i) {
    connection->values.emplace_back(match.route->parameters[i], match.values[i]);
    repair_utf8(connection->values.back().second);
  }
  {
    // Whether the input is right is known before the connection is: the client sees why it is refused.
    RequestContext context;
    context.metadata = request.headers;
    Call check(*match.route, connection->request, context, connection->values, environment_);
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
  decision.subprotocol = choose_subprotocol(*match.route, request);
  decision.run = [connection](RequestContext& context, std::shared_ptr<http::WebSocket> socket) {
    return run_connection(connection, context, std::move(socket));
  };
  return decision;
}

// Middleware sees handshakes as requests whose answer is 101. The decision is due at once, so middleware that waits for something
// refuses; what only looks at the request (keys, tokens, limits, logs) does not wait.
http::WebSocketDecision AppHandler::accept_websocket(const http::Request& request) {
  const RouteMatch match = app_.websocket_router.find(kWebSocketMethod, request.path);
  const AppState& scope = match.route != nullptr ? match.route->scope : app_;
  if (!has_middleware(app_, scope)) return accept(request);

  struct State {
    RequestContext context;
    HttpRequest request;
    std::optional<http::WebSocketDecision> decision;
    std::optional<HttpResponse> answer;
    Innermost innermost;
  };
  // Shared with the coroutine, which may still wait when this function is left.
  auto state = std::make_shared<State>();
  http::Request copy = request;
  state->request = to_user(std::move(copy));
  state->context.metadata = request.headers;
  state->innermost = [this, state = state.get()](HttpRequest& changed) -> Task<HttpResponse> {
    return [](AppHandler& self, State& state, HttpRequest& changed) -> Task<HttpResponse> {
      state.decision = self.accept(to_server(changed));
      if (!state.decision->run) co_return to_user(std::move(state.decision->refusal));
      HttpResponse switching;
      switching.status = 101;
      co_return switching;
    }(*this, *state, changed);
  };
  boost::asio::co_spawn(environment_.io,
                        run_middleware(app_, scope, state->request, state->context, environment_, state->innermost),
                        [state](const std::exception_ptr& error, HttpResponse response) {
                          if (!error) state->answer = std::move(response);
                        });
  if (!state->answer) {
    state->context.cancel(CancelReason::kOverload);
    spdlog::error("WebSocket {}: a middleware waits for something, which it can not do in a handshake; refused", request.path);
    return refused(to_user(detail_response(500, "Internal Server Error")));
  }
  if (state->answer->status == 101 && state->decision && state->decision->run) return std::move(*state->decision);
  return refused(std::move(*state->answer));
}

}  // namespace jina::app
