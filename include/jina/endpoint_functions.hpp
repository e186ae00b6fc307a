// What Endpoints makes of a member function: a row that calls it with what it asked for. Included by jina/endpoints.hpp, which says
// what functions may look like; nothing here is for direct use.
//
// Thread: rows are made at setup and constant afterwards. Lifetime: of the table. Cancellation: as the function's Task.
#pragma once
#include <cstddef>
#include <type_traits>
#include <utility>
#include <vector>

#include "jina/endpoint.hpp"

namespace jina::detail {

using DocumentsMatrix = std::vector<DocumentArray>;

template <class A, class... Allowed>
inline constexpr bool kOneOf = (std::is_same_v<A, Allowed> || ...);
template <class A>
inline constexpr bool kTakesEach = kOneOf<A, Document&, const Document&, Document>;
template <class A>
inline constexpr bool kTakesDocs = kTakesEach<A> || kOneOf<A, DocumentArray&, const DocumentArray&, DocumentArray>;
template <class A>
inline constexpr bool kIsArgument =
    kTakesDocs<A> || kOneOf<A, const Parameters&, Parameters, RequestContext&, const RequestContext&, const TraceContext&,
                            TraceContext, const DocumentsMatrix&, const DocumentsBySource&>;

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
template <class R>
inline constexpr bool kIsResultOfEach =
    kOneOf<typename ResultOf<R>::type, void, Document> || std::is_same_v<R, Generator<Document>>;

// The argument of type A that a function asked for. A DocumentArray by value is a copy, for the reply may still need the original.
template <class A>
decltype(auto) endpoint_argument(EndpointCall& call) {
  using Plain = std::remove_cvref_t<A>;
  if constexpr (std::is_same_v<Plain, DocumentArray>)
    return (call.docs);
  else if constexpr (std::is_same_v<Plain, Document>)
    return (*call.doc);
  else if constexpr (std::is_same_v<Plain, Parameters>)
    return (call.parameters);
  else if constexpr (std::is_same_v<Plain, RequestContext>)
    return (call.context);
  else if constexpr (std::is_same_v<Plain, TraceContext>)
    return (call.context.trace);
  else if constexpr (std::is_same_v<Plain, DocumentsMatrix>)
    return (call.docs_matrix);
  else
    return (call.docs_by_source);
}

inline void store_result(EndpointCall& call, DocumentArray docs) { call.docs = std::move(docs); }
inline void store_result(EndpointCall& call, Document doc) { *call.doc = std::move(doc); }
inline void store_result(EndpointCall& call, Results results) { call.results = std::move(results.values); }

template <class R>
Task<void> await_result(Task<R> task, EndpointCall& call) {
  if constexpr (std::is_void_v<R>) {
    co_await std::move(task);
  } else {
    R result = co_await std::move(task);
    store_result(call, std::move(result));
  }
}

template <class R, class Invoke>
Task<void> await_each(EndpointCall& call, Invoke invoke) {
  for (std::size_t i = 0; i < call.docs.size(); ++i) {
    call.doc = &call.docs[i];
    Task<R> task = invoke();
    co_await await_result<R>(std::move(task), call);
  }
}

// How the row calls: `invoke(executor, call)` is the function with its arguments.
template <class R, bool kEach, class Invoke>
void set_function(Endpoint& endpoint, Invoke invoke) {
  using Value = typename ResultOf<R>::type;
  if constexpr (std::is_same_v<R, Generator<Document>>) {
    endpoint.generator = [invoke](Executor& executor, EndpointCall& call) {
      call.doc = &call.docs.at(0);
      return invoke(executor, call);
    };
  } else if constexpr (ResultOf<R>::kCoroutine) {
    endpoint.coroutine = [invoke](Executor& executor, EndpointCall& call) -> Task<void> {
      if constexpr (kEach)
        return await_each<Value>(call, [&executor, &call, invoke] { return invoke(executor, call); });
      else if constexpr (std::is_void_v<Value>)
        return invoke(executor, call);
      else
        return await_result<Value>(invoke(executor, call), call);
    };
  } else {
    const auto once = [invoke](Executor& executor, EndpointCall& call) {
      if constexpr (std::is_void_v<R>)
        invoke(executor, call);
      else
        store_result(call, invoke(executor, call));
    };
    if constexpr (kEach) {
      endpoint.plain = [once](Executor& executor, EndpointCall& call) {
        for (Document& doc : call.docs) {
          call.doc = &doc;
          once(executor, call);
        }
      };
    } else {
      endpoint.plain = once;
    }
  }
}

template <class E, class Function, class R, class... A>
Endpoint make_endpoint(Function function) {
  constexpr bool kMember = std::is_base_of_v<Executor, E>;
  constexpr bool kArguments = (kIsArgument<A> && ...);
  constexpr bool kDocsOnce = (0 + ... + static_cast<int>(kTakesDocs<A>)) <= 1;
  constexpr bool kEach = (kTakesEach<A> || ...);
  constexpr bool kStreams = std::is_same_v<R, Generator<Document>>;
  constexpr bool kResult = kEach ? kIsResultOfEach<R> : kIsResult<R> || kStreams;
  static_assert(kMember, "an endpoint is a member function of a class that derives from jina::Executor");
  static_assert(
      kArguments,
      "an endpoint takes DocumentArray& (or const DocumentArray&, or DocumentArray) or one Document&, const Parameters&, "
      "RequestContext&, const TraceContext&, const std::vector<DocumentArray>& and const DocumentsBySource&, in any order, "
      "and nothing else");
  static_assert(kDocsOnce,
                "an endpoint takes the Documents once: DocumentArray&, const DocumentArray&, DocumentArray or one Document&");
  static_assert(
      kResult,
      "an endpoint returns void, DocumentArray, Results, or a Task of one of them; one that takes one Document returns void, "
      "Document, a Task of one of them, or Generator<Document>");
  static_assert(!kStreams || kEach || !kDocsOnce, "an endpoint that returns Generator<Document> takes one Document");
  Endpoint endpoint;
  if constexpr (kMember && kArguments && kDocsOnce && kResult && (kEach || !kStreams)) {
    using Value = typename ResultOf<R>::type;
    endpoint.wants_matrix = (std::is_same_v<A, const DocumentsMatrix&> || ...);
    endpoint.wants_sources = (std::is_same_v<A, const DocumentsBySource&> || ...);
    endpoint.wants_docs = endpoint.wants_matrix || endpoint.wants_sources || (kTakesDocs<A> || ...);
    endpoint.wants_parameters = (kOneOf<A, const Parameters&, Parameters> || ...);
    endpoint.changes_docs = kOneOf<Value, DocumentArray, Document> || (kOneOf<A, DocumentArray&, Document&> || ...);
    endpoint.for_each = kEach;
    set_function<R, kEach>(endpoint, [function](Executor& executor, EndpointCall& call) -> R {
      return (static_cast<E&>(executor).*function)(endpoint_argument<A>(call)...);
    });
  }
  return endpoint;
}

}  // namespace jina::detail
