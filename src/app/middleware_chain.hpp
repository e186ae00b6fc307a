// Middleware around something that answers: App::use in order, each inside the one before it.
//
// Thread: the request's I/O thread. Lifetime: what is referred to outlives the Task. Cancellation: the context's.
#pragma once
#include <functional>
#include <memory>
#include <string>

#include "app/app_state.hpp"
#include "app/environment.hpp"

namespace jina::app {

/// What is inside of all middleware.
using Innermost = std::function<Task<HttpResponse>(HttpRequest& request)>;

/// Runs the middleware of the Apps from `outermost` (a parent of `scope`, or `scope`) to `scope`. What a middleware throws is an
/// answer for those around it.
Task<HttpResponse> run_middleware(const AppState& outermost, const AppState& scope, HttpRequest& request, RequestContext& context,
                                  const AppEnvironment& environment, const Innermost& innermost);

/// Whether there is any.
bool has_middleware(const AppState& outermost, const AppState& scope) noexcept;

}  // namespace jina::app
