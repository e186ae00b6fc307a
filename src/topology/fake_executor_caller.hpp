// FakeExecutorCaller: an ExecutorCaller for tests. Calls wait in a list until the test answers them, in any order.
//
// Thread: one. Lifetime: outlives the runs that call it. Cancellation: a cancelled call completes with CANCELLED at once.
#pragma once
#include <list>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "topology/executor_caller.hpp"

namespace jina::topology {

class FakeExecutorCaller final : public ExecutorCaller {
 public:
  struct Call {
    std::string deployment;
    std::string endpoint;
    std::vector<wire::DataRequest> requests;
    bool as_list = false;
    RequestContext* context = nullptr;
    wire::ReplyCallback done;
    RequestContext::Registration cancelled;
  };

  void send(RequestContext& context, std::string_view deployment, std::string_view endpoint, wire::DataRequest&& request,
            wire::ReplyCallback done) override {
    std::vector<wire::DataRequest> requests;
    requests.push_back(std::move(request));
    add(context, deployment, endpoint, std::move(requests), false, std::move(done));
  }
  void send_list(RequestContext& context, std::string_view deployment, std::string_view endpoint,
                 std::vector<wire::DataRequest> requests, wire::ReplyCallback done) override {
    add(context, deployment, endpoint, std::move(requests), true, std::move(done));
  }

  /// Calls that wait for an answer, in order.
  std::vector<std::string> waiting() const {
    std::vector<std::string> names;
    for (const Call& call : calls_) names.push_back(call.deployment);
    return names;
  }
  /// The oldest waiting call to `deployment`.
  Call& at(std::string_view deployment) {
    for (Call& call : calls_)
      if (call.deployment == deployment) return call;
    throw std::logic_error("no call to " + std::string(deployment) + " is waiting");
  }
  /// Answers the oldest call to `deployment`.
  void answer(std::string_view deployment, wire::Reply reply) {
    for (auto call = calls_.begin(); call != calls_.end(); ++call) {
      if (call->deployment != deployment) continue;
      wire::ReplyCallback done = std::move(call->done);
      calls_.erase(call);
      return done(std::move(reply));
    }
    throw std::logic_error("no call to " + std::string(deployment) + " is waiting");
  }
  /// Answers the oldest call of that endpoint.
  void answer_endpoint(std::string_view endpoint, wire::Reply reply) {
    for (auto call = calls_.begin(); call != calls_.end(); ++call) {
      if (call->endpoint != endpoint) continue;
      wire::ReplyCallback done = std::move(call->done);
      calls_.erase(call);
      return done(std::move(reply));
    }
    throw std::logic_error("no call to " + std::string(endpoint) + " is waiting");
  }
  template <class Visit>
  void for_each(Visit visit) const {
    for (const Call& call : calls_) visit(call);
  }
  /// Answers with the (first) request itself, as an Executor that does nothing.
  void echo(std::string_view deployment) {
    wire::Reply reply;
    reply.response = at(deployment).requests.front();
    std::string routes = reply.response.routes.str();
    wire::append_route(routes, {.executor = deployment});  // as Jina's Executors do
    reply.response.routes = Bytes::take(std::move(routes));
    answer(deployment, std::move(reply));
  }

 private:
  void add(RequestContext& context, std::string_view deployment, std::string_view endpoint, std::vector<wire::DataRequest> requests,
           bool as_list, wire::ReplyCallback done) {
    calls_.push_back({.deployment = std::string(deployment),
                      .endpoint = std::string(endpoint),
                      .requests = std::move(requests),
                      .as_list = as_list,
                      .context = &context,
                      .done = std::move(done)});
    const auto place = std::prev(calls_.end());
    place->cancelled = context.on_cancel([this, place](CancelReason) {
      wire::ReplyCallback done = std::move(place->done);
      calls_.erase(place);
      done({.status = {StatusCode::kCancelled, "cancelled"}});
    });
  }

  std::list<Call> calls_;
};

}  // namespace jina::topology
