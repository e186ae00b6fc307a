// What is answered when input is wrong or something was thrown.
#include <cxxabi.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/json/serialize.hpp>

#include "app/answer.hpp"
#include "app/app_state.hpp"
#include "base/demangle.hpp"
#include "base/ids.hpp"
#include "document/json/json_text.hpp"

namespace jina::app {
namespace {

namespace json = boost::json;

// One line: what a client sent can not pretend to be another line of the log.
std::string printable(std::string_view text) {
  std::string out(text);
  std::replace_if(
      out.begin(), out.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, ' ');
  return out;
}

struct Described {
  std::string type;
  std::string text;
};

Described describe(const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const std::exception& error) {
    return {detail::class_name(typeid(error)), error.what()};
  } catch (...) {
    const std::type_info* type = abi::__cxa_current_exception_type();
    return {type == nullptr ? "unknown" : detail::class_name(*type), "not a std::exception"};
  }
}

bool is_http_error(const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const HttpError&) {
    return true;
  } catch (const InvalidInput&) {
    return true;
  } catch (...) {
    return false;
  }
}

HttpResponse answer_of(const HttpError& error) {
  HttpResponse response = HttpResponse::json(json::object{{"detail", error.detail()}}, error.status());
  response.headers.insert(response.headers.end(), error.headers().begin(), error.headers().end());
  return response;
}

HttpResponse answer_of(const InvalidInput& invalid) {
  std::string body = R"({"detail":[)";
  for (const InputError& error : invalid.errors()) {
    if (&error != invalid.errors().data()) body += ',';
    body += R"({"loc":)";
    jina::json::append_value(body, error.location);
    body += R"(,"msg":)";
    jina::json::append_string(body, error.message);
    body += R"(,"type":)";
    jina::json::append_string(body, error.type);
    if (!error.context.empty()) {
      body += R"(,"ctx":)";
      jina::json::append_object(body, error.context);
    }
    body += '}';
  }
  HttpResponse response;
  response.status = 422;
  response.headers.emplace_back("content-type", "application/json");
  response.body = Bytes::take(std::move(body += "]}"));
  return response;
}

// The first handler that takes it, from the innermost App outwards.
bool ask_handlers(const std::vector<ErrorHandler>& handlers, const HttpRequest& request, const std::exception_ptr& thrown,
                  bool http_error, HttpResponse& response) {
  for (const ErrorHandler& handler : handlers) {
    if (http_error && handler.general) continue;
    HttpResponse made;
    made.status = 500;
    if (!handler.handle(thrown, request, made)) continue;
    response = std::move(made);
    return true;
  }
  return false;
}

bool ask_handlers(const AppState& scope, const AppEnvironment& environment, const HttpRequest& request,
                  const std::exception_ptr& thrown, HttpResponse& response) {
  const bool http_error = is_http_error(thrown);
  for (const AppState* app = &scope; app != nullptr; app = app->parent)
    if (ask_handlers(app->error_handlers, request, thrown, http_error, response)) return true;
  return ask_handlers(environment.error_handlers, request, thrown, http_error, response);
}

HttpResponse unexpected(const AppEnvironment& environment, const std::string& place, const std::exception_ptr& thrown) {
  const std::string id = log_exception(environment, place, thrown);
  return HttpResponse::json({{"detail", "Internal Server Error"}, {"id", id}}, 500);
}

int rank(const InputError& error) {
  static constexpr std::string_view kOrder[] = {"path", "query", "header", "cookie"};
  const json::value* first = error.location.empty() ? nullptr : &error.location.front();
  if (first == nullptr || !first->is_string()) return 4;
  const std::string_view name(first->get_string().data(), first->get_string().size());
  return static_cast<int>(std::find(std::begin(kOrder), std::end(kOrder), name) - std::begin(kOrder));
}

}  // namespace

std::string log_exception(const AppEnvironment& environment, const std::string& place, const std::exception_ptr& thrown) {
  const std::string id = random_id();
  const Described what = describe(thrown);
  const std::string of = environment.class_name.empty() ? "" : " (" + environment.class_name + ")";
  spdlog::error("error {}: {}{}: {}: {}", id, printable(place), of, what.type, printable(what.text));
  return id;
}

HttpResponse error_answer(const AppState& scope, const AppEnvironment& environment, const std::string& place,
                          const HttpRequest& request, const std::exception_ptr& thrown) {
  try {
    HttpResponse response;
    if (ask_handlers(scope, environment, request, thrown, response)) return response;
    std::rethrow_exception(thrown);
  } catch (const HttpError& error) {
    return answer_of(error);
  } catch (const InvalidInput& error) {
    return answer_of(error);
  } catch (...) {
    // Also what an on_error function threw itself.
    return unexpected(environment, place, std::current_exception());
  }
}

std::optional<HttpResponse> cancelled_answer(const RequestContext& context, const HttpRequest& request) {
  if (!context.cancelled()) return std::nullopt;
  const CancelReason reason = context.cancel_reason();
  spdlog::debug("{} {}: ended: {}", request.method, request.path, to_string(reason));
  if (reason == CancelReason::kDeadline) return HttpResponse::json({{"detail", "Gateway Timeout"}}, 504);
  return HttpResponse::json({{"detail", "Service Unavailable"}}, 503);
}

HttpResponse error_answer(Call& call, const std::exception_ptr& thrown) {
  if (std::optional<HttpResponse> answer = cancelled_answer(call.context, call.request)) return *std::move(answer);
  std::string place = call.request.method + " " + call.request.path;
  if (place != call.route.label()) place += ", route " + call.route.label();
  if (!call.route.operation.handler.empty() && call.route.operation.handler != call.environment.class_name)
    place += " of " + call.route.operation.handler;
  return error_answer(call.route.scope, call.environment, place, call.request, thrown);
}

HttpResponse refuse_input(Call& call) {
  std::stable_sort(call.errors.begin(), call.errors.end(),
                   [](const InputError& a, const InputError& b) { return rank(a) < rank(b); });
  const InvalidInput invalid(std::move(call.errors));
  if (!call.route.scope.wants_http_errors()) return answer_of(invalid);
  return error_answer(call, std::make_exception_ptr(invalid));
}

namespace detail {

std::string class_name(const std::type_info& type) {
  std::string result = demangled(type.name());
  constexpr std::string_view kAnonymous = "(anonymous namespace)::";
  for (auto at = result.find(kAnonymous); at != std::string::npos; at = result.find(kAnonymous))
    result.erase(at, kAnonymous.size());
  return result;
}

std::string wrong_owner(const std::type_info& wanted, const AppOwner* owner) {
  return "its handler is a member function of " + class_name(wanted) + ", but the App belongs to " +
         (owner == nullptr ? std::string("no object") : "an object of " + class_name(typeid(*owner))) +
         "; give the object behind it: app.get(path, &" + class_name(wanted) + "::f, object)";
}

}  // namespace detail
}  // namespace jina::app
