#include "app/middleware_chain.hpp"

#include "app/answer.hpp"

namespace jina::app {
namespace {

// Everything that the links of one request's chain share.
struct ChainRun {
  std::vector<const Middleware*> links;
  std::vector<const AppState*> scopes;  // of each link
  RequestContext& context;
  const AppEnvironment& environment;
  const Innermost& innermost;
};

Task<HttpResponse> run_link(const ChainRun& run, std::size_t index, HttpRequest& request);

struct LinkAt {
  const ChainRun& run;
  std::size_t index;
};

Task<HttpResponse> run_link(const ChainRun& run, std::size_t index, HttpRequest& request) {
  const LinkAt inner{run, index + 1};
  std::exception_ptr thrown;
  try {
    if (index == run.links.size()) {
      Task<HttpResponse> task = run.innermost(request);
      co_return co_await std::move(task);
    }
    // One pointer: std::function keeps it inside.
    const Next next = [&inner](HttpRequest& changed) { return run_link(inner.run, inner.index, changed); };
    Task<HttpResponse> task = (*run.links[index])(request, run.context, next);
    co_return co_await std::move(task);
  } catch (...) {
    thrown = std::current_exception();
  }
  if (std::optional<HttpResponse> answer = cancelled_answer(run.context, request)) co_return *std::move(answer);
  const AppState& scope = *run.scopes[std::min(index, run.scopes.size() - 1)];
  co_return error_answer(scope, run.environment, "middleware of " + request.method + " " + request.path, request, thrown);
}

void collect(const AppState& outermost, const AppState& scope, ChainRun& run) {
  if (&scope != &outermost) collect(outermost, *scope.parent, run);
  for (const Middleware& middleware : scope.middleware) {
    run.links.push_back(&middleware);
    run.scopes.push_back(&scope);
  }
}

}  // namespace

Task<HttpResponse> run_middleware(const AppState& outermost, const AppState& scope, HttpRequest& request, RequestContext& context,
                                  const AppEnvironment& environment, const Innermost& innermost) {
  ChainRun run{{}, {}, context, environment, innermost};
  collect(outermost, scope, run);
  if (run.links.empty()) {
    Task<HttpResponse> task = innermost(request);
    co_return co_await std::move(task);
  }
  Task<HttpResponse> task = run_link(run, 0, request);
  co_return co_await std::move(task);
}

bool has_middleware(const AppState& outermost, const AppState& scope) noexcept {
  for (const AppState* app = &scope;; app = app->parent) {
    if (!app->middleware.empty()) return true;
    if (app == &outermost) return false;
  }
}

}  // namespace jina::app
