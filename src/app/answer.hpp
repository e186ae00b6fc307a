// From a Call to its answer: running the handler, and what is answered when input is wrong or something was thrown.
//
// Thread: the call's. Lifetime: arguments outlive the Tasks. Cancellation: as the handler's.
#pragma once
#include <exception>
#include <optional>

#include "app/call.hpp"
#include "app/environment.hpp"
#include "jina/http.hpp"

namespace jina::app {

/// Binds, runs and answers, whatever happens; for every kind of handler but WebSocket ones.
Task<HttpResponse> answer(Call& call);
/// The same without a coroutine. REQUIRES: the route has a plain handler that is not blocking.
void answer_plain(Call& call);
/// The two ends of a handler that is a coroutine. The Task is the handler's; not valid when wrong input is answered instead.
Task<void> begin_coroutine(Call& call);
/// `thrown` is what awaiting the Task threw, or null.
void end_coroutine(Call& call, const std::exception_ptr& thrown);

/// The answer after Operation::bind returned false: 422 with all errors, or what `refusal` says, or what on_error<InvalidInput>
/// makes.
HttpResponse refuse_input(Call& call);
/// The answer for what a handler or a middleware threw: of on_error, of HttpError, else a 500 with an id that the log has with the
/// exception's text.
HttpResponse error_answer(const AppState& scope, const AppEnvironment& environment, const std::string& place,
                          const HttpRequest& request, const std::exception_ptr& thrown);
HttpResponse error_answer(Call& call, const std::exception_ptr& thrown);
/// The answer for something thrown after the context was cancelled: what is awaited ends with an exception then, which is no
/// mistake of the handler's. Mostly nobody reads it. Nothing when the context is not cancelled.
std::optional<HttpResponse> cancelled_answer(const RequestContext& context, const HttpRequest& request);
/// Logs it with a new id, which is returned.
std::string log_exception(const AppEnvironment& environment, const std::string& place, const std::exception_ptr& thrown);

}  // namespace jina::app
