// Endpoints: which member function of an Executor serves which endpoint, and how.
//
//   void setup(jina::Endpoints& on) override {
//     on.add("/index", &Store::index)
//         .add("/search", &Store::search, {.batching = jina::DynamicBatching{.preferred_batch_size = 32, .timeout = 5ms}})
//         .add("/embed", &Store::embed, {.concurrent = true})
//         .function("compact", &Store::compact);             // bound by the YAML: requests: {/compact: compact}
//   }
//
// A function takes what it needs, in any order: DocumentArray& (changed in place), const DocumentArray& or DocumentArray; instead
// of them one Document& (const Document&, Document), to be called for each Document; const Parameters&; RequestContext&; const
// TraceContext&; const std::vector<DocumentArray>& (the unmerged inputs of a fan-in); const DocumentsBySource& (the same by the
// name of where they came from). It returns void (the Documents as it left them), DocumentArray (these instead; Document from a
// function for one), Results (a JSON object that goes to parameters.__results__), or a Task of one of them. A function for one
// Document that returns Generator<Document> streams its answer: it is called by stream_doc over gRPC and by GET over HTTP, and by
// nothing else.
//
// Thread: filled by one thread, constant afterwards. Lifetime: of the Executor. Cancellation: see jina/executor.hpp.
#pragma once
#include <boost/json/object.hpp>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "jina/endpoint.hpp"
#include "jina/endpoint_functions.hpp"
#include "jina/status.hpp"

namespace jina {

/// Endpoint -> function. Filled in Executor::setup, constant afterwards.
class Endpoints {
 public:
  using Paths = std::initializer_list<std::string_view>;

  /// `path` as clients write it, "/search". Throws std::invalid_argument when it is empty or there already.
  template <class E, class R, class... A>
  Endpoints& add(std::string_view path, R (E::*function)(A...), EndpointOptions options = {}) {
    return insert({path}, detail::make_endpoint<E, R (E::*)(A...), R, A...>(function), std::move(options));
  }
  template <class E, class R, class... A>
  Endpoints& add(std::string_view path, R (E::*function)(A...) const, EndpointOptions options = {}) {
    return insert({path}, detail::make_endpoint<E, R (E::*)(A...) const, R, A...>(function), std::move(options));
  }
  /// Several paths for one function: add({"/index", "/update"}, &Store::write).
  template <class E, class R, class... A>
  Endpoints& add(Paths paths, R (E::*function)(A...), EndpointOptions options = {}) {
    return insert(paths, detail::make_endpoint<E, R (E::*)(A...), R, A...>(function), std::move(options));
  }
  template <class E, class R, class... A>
  Endpoints& add(Paths paths, R (E::*function)(A...) const, EndpointOptions options = {}) {
    return insert(paths, detail::make_endpoint<E, R (E::*)(A...) const, R, A...>(function), std::move(options));
  }
  /// What serves every endpoint that the table does not name ("/default" in Jina).
  template <class Function>
  Endpoints& add_default(Function function, EndpointOptions options = {}) {
    return add("/default", function, std::move(options));
  }
  /// A function that only `requests` of the YAML (or --uses-requests) binds to an endpoint, by this name.
  template <class Function>
  Endpoints& function(std::string_view name, Function function, EndpointOptions options = {}) {
    return insert_function(name, make(function), std::move(options));
  }

  /// The row for `path`, or the default one, or null.
  const Endpoint* find(std::string_view path) const noexcept;
  /// The row of exactly that path, or null.
  const Endpoint* find_exact(std::string_view path) const noexcept;
  /// Every path, in the order they were added.
  const std::vector<std::string>& paths() const noexcept { return paths_; }

  /// `requests` of the YAML: {"/foo": "encode"}. A function that is named leaves the path it had. INVALID_ARGUMENT, with what may
  /// have been meant, for a name that no function has.
  Status bind(const boost::json::object& requests);
  /// `dynamic_batching` of the YAML: {"/foo": {"preferred_batch_size": 4, "timeout": 100}}; a key without '/' names a function and
  /// stands for all of its endpoints. INVALID_ARGUMENT as above.
  Status batch(const boost::json::object& dynamic_batching);
  /// --allow-concurrent: several threads may be in any plain function.
  void make_concurrent();

 private:
  template <class E, class R, class... A>
  static Endpoint make(R (E::*function)(A...)) {
    return detail::make_endpoint<E, R (E::*)(A...), R, A...>(function);
  }
  template <class E, class R, class... A>
  static Endpoint make(R (E::*function)(A...) const) {
    return detail::make_endpoint<E, R (E::*)(A...) const, R, A...>(function);
  }
  Endpoints& insert(Paths paths, Endpoint endpoint, EndpointOptions options);
  Endpoints& insert_function(std::string_view name, Endpoint endpoint, EndpointOptions options);
  std::vector<std::string> function_names() const;

  std::map<std::string, Endpoint, std::less<>> table_;
  std::vector<std::string> paths_;
  std::map<std::string, Endpoint, std::less<>> functions_;  // by the names that YAML has for them
};

}  // namespace jina
