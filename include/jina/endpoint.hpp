// Endpoint: a row of the table that says which function of an Executor serves which endpoint (jina/endpoints.hpp), its options, and
// what such a function gets and leaves.
//
// Thread: rows are constant after setup; a call belongs to the thread that its function runs on. Lifetime: rows are of the table;
// a call outlives its function. Cancellation: EndpointCall::context says it.
#pragma once
#include <boost/json/object.hpp>
#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "jina/document.hpp"
#include "jina/generator.hpp"
#include "jina/request_context.hpp"
#include "jina/task.hpp"

namespace jina {

class Executor;

/// Request parameters as this Executor sees them (other Executors' `name__key` entries removed, its own stripped of the prefix).
using Parameters = boost::json::object;
/// Returned by an endpoint: stored in the reply under parameters.__results__[pod name].
struct Results {
  boost::json::object values;
};
/// The inputs of a request by the name of the Executor (or "gateway") that sent each of them.
using DocumentsBySource = std::map<std::string, DocumentArray, std::less<>>;

/// Requests with equal parameters wait for each other, so that the function gets the Documents of several at a time.
struct DynamicBatching {
  int preferred_batch_size = 4;               ///< the function is called when so many Documents wait, with no more than that
  std::chrono::milliseconds timeout{10'000};  ///< the longest wait of a request for others
  friend bool operator==(const DynamicBatching&, const DynamicBatching&) = default;
};

/// How an endpoint is served.
struct EndpointOptions {
  std::optional<DynamicBatching> batching{};  ///< YAML: dynamic_batching
  bool concurrent = false;                    ///< a plain function that several threads may be in at the same time
  bool quick =
      false;  ///< a plain function that takes microseconds and never waits: called on the I/O thread, without a trip to another
  std::string name{};  ///< of the function, for `requests` and `dynamic_batching` of the YAML; default: the first path without '/'
};

/// What an endpoint gets and leaves. Made by the runtime for each request.
struct EndpointCall {
  DocumentArray docs;  ///< in: the request's; out: the reply's
  Parameters parameters;
  RequestContext& context;
  std::vector<DocumentArray> docs_matrix{};      ///< filled when Endpoint::wants_matrix; empty when there are no Documents
  DocumentsBySource docs_by_source{};            ///< filled when Endpoint::wants_sources
  std::optional<boost::json::object> results{};  ///< set by an endpoint that returns Results
  Document* doc = nullptr;                       ///< the one that a function for one Document is called for
};

/// One row of the table: exactly one of the three functions is set.
struct Endpoint {
  std::function<void(Executor&, EndpointCall&)> plain;
  std::function<Task<void>(Executor&, EndpointCall&)> coroutine;
  std::function<Generator<Document>(Executor&, EndpointCall&)> generator;  ///< for call.docs[0]; the call outlives the result
  bool wants_docs = false;                                                 ///< looks at Documents at all
  bool wants_parameters = false;
  bool changes_docs = false;  ///< may leave other Documents than it got
  bool wants_matrix = false;
  bool wants_sources = false;
  bool for_each = false;  ///< takes one Document
  EndpointOptions options{};
};

}  // namespace jina
