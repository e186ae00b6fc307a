// Executor: base class of the user's microservice, and the table that says which member function serves which endpoint.
//
//   class Upper : public jina::Executor {
//    public:
//     void setup(jina::Endpoints& on) override { on.add("/upper", &Upper::upper); }
//     void upper(jina::DocumentArray& docs) { for (auto& d : docs) d.set_text(to_upper(d.text())); }
//   };
//   JINA_MODULE(registry) { registry.add<Upper>("Upper"); }
//
// A function takes what it needs, in any order: DocumentArray& (changed in place), const DocumentArray& or DocumentArray;
// const Parameters&; RequestContext&; const std::vector<DocumentArray>& (the unmerged inputs of a fan-in); const DocumentsBySource&
// (the same by the name of where they came from). It returns void (the Documents as it left them), DocumentArray (these instead),
// Results (a JSON object that goes to parameters.__results__), or a Task of one of them. Throwing makes the request fail as in a
// Python Executor that raised: gRPC OK, header.status ERROR, the Documents as they came in.
//
// Thread: plain functions run one at a time per Executor on a worker thread, so health checks stay live; coroutines run on the
// Executor's I/O thread and interleave at co_await.
// Lifetime: one object per process (replica), built before the server listens, destroyed after the last request.
// Cancellation: when the caller is gone, what a coroutine awaits ends with operation_aborted, and a plain function that waits for
// its turn is not called; one that runs is left alone (RequestContext::cancelled() tells it).
#pragma once
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <functional>
#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "jina/document.hpp"
#include "jina/request_context.hpp"
#include "jina/task.hpp"
#include "jina/tracing.hpp"

namespace jina {

/// Request parameters as this Executor sees them (other Executors' `name__key` entries removed, its own stripped of the prefix).
using Parameters = boost::json::object;
/// Returned by an endpoint: stored in the reply under parameters.__results__[pod name].
struct Results {
  boost::json::object values;
};
/// The inputs of a request by the name of the Executor (or "gateway") that sent each of them.
using DocumentsBySource = std::map<std::string, DocumentArray, std::less<>>;

/// Thrown by an endpoint to choose what the client gets to see: a Python client shows this one as `ValueError('too long', 42)`.
/// Any other exception goes by its C++ type and what().
class EndpointError : public std::runtime_error {
 public:
  /// `arguments` are texts, numbers, booleans or null; what() is their Python spelling.
  EndpointError(std::string name, boost::json::array arguments);
  ~EndpointError() override;

  const std::string& name() const noexcept { return name_; }
  const boost::json::array& arguments() const noexcept { return arguments_; }

 private:
  std::string name_;
  boost::json::array arguments_;
};

/// What the runtime tells an Executor about itself.
struct ExecutorRuntimeArgs {
  std::string name = "executor";  ///< pod name, "upper/rep-0" in a Flow
  std::string workspace{};        ///< folder of this Executor, made on first use
  int shard_id = -1;
  int replica_id = 0;
  int replicas = 1;
  int shards = 1;
};

class Endpoints;

class Executor {
 public:
  /// What Registry::add files a derived class under.
  using RegistryBase = Executor;
  static constexpr std::string_view kRegistryKind = "Executor";

  Executor() = default;
  virtual ~Executor() = default;
  Executor(const Executor&) = delete;
  Executor& operator=(const Executor&) = delete;

  /// Fills the endpoint table; called once, before the first request. Throwing ends the process with the message.
  virtual void setup(Endpoints& on) = 0;
  /// Called once after the last request.
  virtual void close() {}

  /// Filled before setup(); the defaults in the constructor.
  const ExecutorRuntimeArgs& runtime_args() const noexcept { return runtime_args_; }
  /// Makes spans; RequestContext::trace of the call is their parent. They go nowhere without --tracing. Filled before setup().
  const Tracer& tracer() const noexcept { return tracer_; }

 private:
  friend class ExecutorHost;
  ExecutorRuntimeArgs runtime_args_;
  Tracer tracer_;
};

/// What an endpoint gets and leaves. Made by the runtime for each request.
struct EndpointCall {
  DocumentArray docs;  ///< in: the request's; out: the reply's
  Parameters parameters;
  RequestContext& context;
  std::vector<DocumentArray> docs_matrix{};      ///< filled when Endpoint::wants_matrix; empty when there are no Documents
  DocumentsBySource docs_by_source{};            ///< filled when Endpoint::wants_sources
  std::optional<boost::json::object> results{};  ///< set by an endpoint that returns Results
};

/// One row of the table: exactly one of the two functions is set.
struct Endpoint {
  std::function<void(Executor&, EndpointCall&)> plain;
  std::function<Task<void>(Executor&, EndpointCall&)> coroutine;
  bool wants_matrix = false;
  bool wants_sources = false;
};

namespace detail {

using DocumentsMatrix = std::vector<DocumentArray>;

template <class A, class... Allowed>
inline constexpr bool kOneOf = (std::is_same_v<A, Allowed> || ...);
template <class A>
inline constexpr bool kTakesDocs = kOneOf<A, DocumentArray&, const DocumentArray&, DocumentArray>;
template <class A>
inline constexpr bool kIsArgument =
    kTakesDocs<A> || kOneOf<A, const Parameters&, Parameters, RequestContext&, const RequestContext&, const DocumentsMatrix&,
                            const DocumentsBySource&>;

template <class R>
struct ResultOf {
  using type = R;
  static constexpr bool kCoroutine = false;
};
template <class R>
struct ResultOf<Task<R>> {
  using type = R;
  static constexpr bool kCoroutine = true;
};
template <class R>
inline constexpr bool kIsResult = kOneOf<typename ResultOf<R>::type, void, DocumentArray, Results>;

// The argument of type A that a function asked for. A DocumentArray by value is a copy, for the reply may still need the original.
template <class A>
decltype(auto) endpoint_argument(EndpointCall& call) {
  using Plain = std::remove_cvref_t<A>;
  if constexpr (std::is_same_v<Plain, DocumentArray>)
    return (call.docs);
  else if constexpr (std::is_same_v<Plain, Parameters>)
    return (call.parameters);
  else if constexpr (std::is_same_v<Plain, RequestContext>)
    return (call.context);
  else if constexpr (std::is_same_v<Plain, DocumentsMatrix>)
    return (call.docs_matrix);
  else
    return (call.docs_by_source);
}

inline void store_result(EndpointCall& call, DocumentArray docs) { call.docs = std::move(docs); }
inline void store_result(EndpointCall& call, Results results) { call.results = std::move(results.values); }

template <class R>
Task<void> await_result(Task<R> task, EndpointCall& call) {
  R result = co_await std::move(task);
  store_result(call, std::move(result));
}

template <class E, class Function, class R, class... A>
Endpoint make_endpoint(Function function) {
  constexpr bool kMember = std::is_base_of_v<Executor, E>;
  constexpr bool kArguments = (kIsArgument<A> && ...);
  constexpr bool kDocsOnce = (0 + ... + static_cast<int>(kTakesDocs<A>)) <= 1;
  static_assert(kMember, "an endpoint is a member function of a class that derives from jina::Executor");
  static_assert(kArguments,
                "an endpoint takes DocumentArray& (or const DocumentArray&, or DocumentArray), const Parameters&, RequestContext&, "
                "const std::vector<DocumentArray>& and const DocumentsBySource&, in any order, and nothing else");
  static_assert(kDocsOnce, "an endpoint takes the Documents once: DocumentArray&, const DocumentArray& or DocumentArray");
  static_assert(kIsResult<R>, "an endpoint returns void, DocumentArray, Results, or a Task of one of them");
  Endpoint endpoint;
  if constexpr (kMember && kArguments && kDocsOnce && kIsResult<R>) {
    endpoint.wants_matrix = (std::is_same_v<A, const DocumentsMatrix&> || ...);
    endpoint.wants_sources = (std::is_same_v<A, const DocumentsBySource&> || ...);
    using Value = typename ResultOf<R>::type;
    if constexpr (ResultOf<R>::kCoroutine) {
      endpoint.coroutine = [function](Executor& executor, EndpointCall& call) -> Task<void> {
        if constexpr (std::is_void_v<Value>)
          return (static_cast<E&>(executor).*function)(endpoint_argument<A>(call)...);
        else
          return await_result<Value>((static_cast<E&>(executor).*function)(endpoint_argument<A>(call)...), call);
      };
    } else {
      endpoint.plain = [function](Executor& executor, EndpointCall& call) {
        if constexpr (std::is_void_v<R>)
          (static_cast<E&>(executor).*function)(endpoint_argument<A>(call)...);
        else
          store_result(call, (static_cast<E&>(executor).*function)(endpoint_argument<A>(call)...));
      };
    }
  }
  return endpoint;
}

}  // namespace detail

/// Endpoint -> function. Filled in Executor::setup, constant afterwards.
class Endpoints {
 public:
  using Paths = std::initializer_list<std::string_view>;

  /// `path` as clients write it, "/search". Throws std::invalid_argument when it is empty or there already.
  template <class E, class R, class... A>
  Endpoints& add(std::string_view path, R (E::*function)(A...)) {
    return insert({path}, detail::make_endpoint<E, R (E::*)(A...), R, A...>(function));
  }
  template <class E, class R, class... A>
  Endpoints& add(std::string_view path, R (E::*function)(A...) const) {
    return insert({path}, detail::make_endpoint<E, R (E::*)(A...) const, R, A...>(function));
  }
  /// Several paths for one function: add({"/index", "/update"}, &Store::write).
  template <class E, class R, class... A>
  Endpoints& add(Paths paths, R (E::*function)(A...)) {
    return insert(paths, detail::make_endpoint<E, R (E::*)(A...), R, A...>(function));
  }
  template <class E, class R, class... A>
  Endpoints& add(Paths paths, R (E::*function)(A...) const) {
    return insert(paths, detail::make_endpoint<E, R (E::*)(A...) const, R, A...>(function));
  }
  /// What serves every endpoint that the table does not name ("/default" in Jina).
  template <class Function>
  Endpoints& add_default(Function function) {
    return add("/default", function);
  }

  /// The row for `path`, or the default one, or null.
  const Endpoint* find(std::string_view path) const noexcept;
  /// The row of exactly that path, or null.
  const Endpoint* find_exact(std::string_view path) const noexcept;
  /// Every path, in the order they were added.
  const std::vector<std::string>& paths() const noexcept { return paths_; }

 private:
  Endpoints& insert(Paths paths, const Endpoint& endpoint);

  std::map<std::string, Endpoint, std::less<>> table_;
  std::vector<std::string> paths_;
};

}  // namespace jina
