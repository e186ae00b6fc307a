// Executor: base class of the user's microservice, and the table that says which member function serves which endpoint.
//
//   class Upper : public jina::Executor {
//    public:
//     void setup(jina::Endpoints& on) override { on.add("/upper", &Upper::upper); }
//     void upper(jina::DocumentArray& docs) { for (auto& d : docs) d.set_text(to_upper(d.text())); }
//   };
//   JINA_MODULE(registry) { registry.add<Upper>("Upper"); }
//
// A function may take, in any order: DocumentArray& (changed in place) or const DocumentArray&, const Parameters&,
// RequestContext&, const std::vector<DocumentArray>& (the unmerged inputs of a fan-in); it may return void (the Documents as it
// left them), DocumentArray (these instead), Results (a JSON object that goes to parameters.__results__), or a Task of one of
// them. Throwing makes the request fail as in a Python Executor that raised: gRPC OK, header.status ERROR.
//
// Thread: plain functions run one at a time per Executor on a worker thread, so health checks stay live; coroutines run on the
// Executor's I/O thread and interleave at co_await.
// Lifetime: one object per process (replica), built before the server listens, destroyed after the last request.
// Cancellation: RequestContext says when the caller is gone; nothing is killed.
#pragma once
#include <boost/json/object.hpp>
#include <functional>
#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "jina/document.hpp"
#include "jina/request_context.hpp"
#include "jina/task.hpp"

namespace jina {

/// Request parameters as this Executor sees them (other Executors' `name__key` entries removed, its own stripped of the prefix).
using Parameters = boost::json::object;
/// Returned by an endpoint: stored in the reply under parameters.__results__[pod name].
struct Results {
  boost::json::object values;
};

/// What an endpoint gets and leaves. Made by the runtime for each request.
struct EndpointCall {
  DocumentArray docs;                       ///< in: the request's; out: the reply's
  Parameters parameters;
  RequestContext& context;
  std::vector<DocumentArray> docs_matrix{}; ///< the inputs one by one when the request is a fan-in without reduce
  std::optional<boost::json::object> results{};  ///< set by an endpoint that returns Results
};

class Executor;

/// What the runtime tells an Executor about itself.
struct ExecutorRuntimeArgs {
  std::string name = "executor";   ///< pod name, "upper/rep-0" in a Flow
  std::string workspace{};         ///< folder of this Executor, made on first use
  int shard_id = -1;
  int replica_id = 0;
  int replicas = 1;
  int shards = 1;
};

class Endpoints;

class Executor {
 public:
  Executor() = default;
  virtual ~Executor() = default;
  Executor(const Executor&) = delete;
  Executor& operator=(const Executor&) = delete;

  /// Fills the endpoint table; called once, before the first request. Throwing ends the process with the message.
  virtual void setup(Endpoints& on) = 0;
  /// Called once after the last request.
  virtual void close() {}

  const ExecutorRuntimeArgs& runtime_args() const noexcept { return runtime_args_; }

 private:
  friend class ExecutorHost;
  ExecutorRuntimeArgs runtime_args_;
};

/// One row of the table: exactly one of the two is set.
struct Endpoint {
  std::function<void(Executor&, EndpointCall&)> plain;
  std::function<Task<void>(Executor&, EndpointCall&)> coroutine;
};

namespace detail {

template <class T>
struct task_value;
template <class T>
struct task_value<Task<T>> {
  using type = T;
};
template <class T>
concept IsTask = requires { typename task_value<T>::type; };

template <class T>
inline constexpr bool kAlwaysFalse = false;

// The argument of type A that an endpoint asked for.
template <class A>
decltype(auto) endpoint_argument(EndpointCall& call) {
  using Plain = std::remove_cvref_t<A>;
  if constexpr (std::is_same_v<A, DocumentArray&> || std::is_same_v<A, const DocumentArray&>) return (call.docs);
  else if constexpr (std::is_same_v<A, const Parameters&> || std::is_same_v<A, Parameters>) return (call.parameters);
  else if constexpr (std::is_same_v<Plain, RequestContext> && std::is_reference_v<A>) return (call.context);
  else if constexpr (std::is_same_v<A, const std::vector<DocumentArray>&>) return (call.docs_matrix);
  else
    static_assert(kAlwaysFalse<A>,
                  "an endpoint takes DocumentArray&, const DocumentArray&, const Parameters&, RequestContext& or "
                  "const std::vector<DocumentArray>&, in any order");
}

template <class R>
void store_result(EndpointCall& call, R&& value) {
  using Plain = std::remove_cvref_t<R>;
  if constexpr (std::is_same_v<Plain, DocumentArray>) call.docs = std::forward<R>(value);
  else if constexpr (std::is_same_v<Plain, Results>) call.results = std::forward<R>(value).values;
  else static_assert(kAlwaysFalse<R>, "an endpoint returns void, DocumentArray, Results, or a Task of one of them");
}

template <class E, class R, class... Args>
Task<void> run_coroutine(R (E::*function)(Args...), E& executor, EndpointCall& call) {
  using Value = typename task_value<R>::type;
  if constexpr (std::is_void_v<Value>) {
    co_await (executor.*function)(endpoint_argument<Args>(call)...);
  } else {
    Value value = co_await (executor.*function)(endpoint_argument<Args>(call)...);
    store_result(call, std::move(value));
  }
}

template <class E, class R, class... Args>
Endpoint make_endpoint(R (E::*function)(Args...)) {
  static_assert(std::is_base_of_v<Executor, E>, "endpoints are member functions of a class derived from jina::Executor");
  Endpoint endpoint;
  if constexpr (IsTask<R>) {
    endpoint.coroutine = [function](Executor& executor, EndpointCall& call) {
      return run_coroutine(function, static_cast<E&>(executor), call);
    };
  } else {
    endpoint.plain = [function](Executor& executor, EndpointCall& call) {
      if constexpr (std::is_void_v<R>) {
        (static_cast<E&>(executor).*function)(endpoint_argument<Args>(call)...);
      } else {
        store_result(call, (static_cast<E&>(executor).*function)(endpoint_argument<Args>(call)...));
      }
    };
  }
  return endpoint;
}

}  // namespace detail

/// Endpoint -> function. Filled in Executor::setup, constant afterwards.
class Endpoints {
 public:
  /// `path` as clients write it, "/search". Throws std::invalid_argument when it is there already.
  template <class Function>
  Endpoints& add(std::string path, Function function) {
    insert(std::move(path), detail::make_endpoint(function));
    return *this;
  }
  /// Several paths for one function.
  template <class Function>
  Endpoints& add(std::initializer_list<std::string> paths, Function function) {
    for (const std::string& path : paths) insert(path, detail::make_endpoint(function));
    return *this;
  }
  /// What serves every endpoint that the table does not name ("/default" in Jina).
  template <class Function>
  Endpoints& add_default(Function function) {
    return add("/default", function);
  }

  /// The row for `path`, or the default one, or null.
  const Endpoint* find(std::string_view path) const noexcept;
  /// Every path, in the order they were added.
  const std::vector<std::string>& paths() const noexcept { return paths_; }

 private:
  void insert(std::string path, Endpoint endpoint);

  std::map<std::string, Endpoint, std::less<>> table_;
  std::vector<std::string> paths_;
};

}  // namespace jina
