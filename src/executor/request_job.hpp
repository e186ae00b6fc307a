// RequestJob: one request (or the several of a fan-in) on its way through an endpoint: decoded, given to the function, encoded.
//
// Thread: made and completed on the I/O thread; decode(), the function and encode() run on the endpoint's thread, one after the
// other. Lifetime: shared by those who still have to do something with it. Cancellation: cancelled() says when it is not worth
// starting; the reply is made in any case.
#pragma once
#include <boost/asio/cancellation_signal.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/child_context.hpp"
#include "executor/endpoint_failure.hpp"
#include "jina/executor.hpp"
#include "jina/status.hpp"
#include "wire/reply.hpp"

namespace jina {

/// How an Executor calls itself in what it answers.
struct ExecutorNames {
  std::string deployment;  ///< in routes: "upper"
  std::string pod;         ///< in parameters.__results__: "upper/rep-0"
  std::string class_name;  ///< in a failure: "Upper"
};

class RequestJob {
 public:
  /// `requests` is not empty. `names`, `endpoint` and `tracer` outlive the job; without a tracer that is enabled it has no span.
  RequestJob(RequestContext& context, std::vector<wire::DataRequest> requests, const Endpoint& endpoint, const ExecutorNames& names,
             wire::ReplyCallback done, const Tracer* tracer = nullptr, std::string_view span_name = {});

  const Endpoint& endpoint() const noexcept { return endpoint_; }
  const std::vector<wire::DataRequest>& requests() const noexcept { return requests_; }
  EndpointCall& call() noexcept { return call_; }
  bool cancelled() const noexcept { return call_.context.cancelled(); }

  /// The endpoint's turn has come: its span, which is the parent of those of the function, begins.
  void begin();
  /// Fills call() from the requests. False when that is not possible: the reply says why.
  bool decode();
  /// Makes the reply of what the function left in call().
  void encode();
  /// Makes the reply of a function that threw: the Documents as they came in.
  void fail(const EndpointFailure& failure);
  /// Makes the reply of a request that could not be worked on.
  void fail(Status status);

  /// The caller is in this process: the reply holds the Documents as they are, instead of their encoding.
  void keep_documents() noexcept { keep_documents_ = true; }

  /// Lets `signal` end what a coroutine awaits when the request is cancelled.
  boost::asio::cancellation_slot watch_cancellation();
  /// Sends the reply. The last call; the context may be gone afterwards.
  void complete();

 private:
  Status decode_documents();
  Status decode_parameters();

  std::vector<wire::DataRequest> requests_;
  const Endpoint& endpoint_;
  const ExecutorNames& names_;
  wire::ReplyCallback done_;
  bool parameters_decoded_ = false;
  bool keep_documents_ = false;
  const Tracer* tracer_ = nullptr;
  std::string span_name_;
  std::optional<ChildContext> traced_;  // the calls of a stream share a context, but not their place in the trace
  Span span_;
  EndpointCall call_;
  wire::Reply reply_;
  boost::asio::cancellation_signal signal_;
  RequestContext::Registration registration_;
};

/// Appends {executor `deployment`} without times: how an Executor says that it worked on a request.
void append_own_route(wire::DataRequest& request, std::string_view deployment);

}  // namespace jina
