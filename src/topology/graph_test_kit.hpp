// What the graph tests share: messages by way of protobuf's own code, a graph of one line, a runner over a fake network.
//
// Thread: one. Lifetime: of a test. Cancellation: none.
#pragma once
#include <gtest/gtest.h>
#include <jina.pb.h>
#include <boost/json/parse.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "topology/fake_executor_caller.hpp"
#include "topology/graph_builder.hpp"
#include "topology/graph_runner.hpp"

namespace jina::topology {

using Message = ::jina::DataRequestProto;

inline wire::DataRequest to_request(const Message& message) {
  return wire::DataRequest::parse(Buffer::take(message.SerializeAsString())).value();
}
inline Message to_message(const wire::DataRequest& request) {
  Message message;
  EXPECT_TRUE(message.ParseFromString(request.serialize().str()));
  return message;
}

inline Message make_message(std::string endpoint = "/go", std::vector<std::string> ids = {"d"}) {
  Message message;
  message.mutable_header()->set_request_id("r");
  message.mutable_header()->set_exec_endpoint(endpoint);
  for (const std::string& id : ids) {
    auto* document = message.mutable_data()->mutable_docs()->add_docs();
    document->set_id(id);
    document->set_text("text of " + id);
  }
  return message;
}

class GraphTest : public testing::Test {
 protected:
  /// Whatever a test left in flight ends here, and nothing is left behind.
  void TearDown() override {
    context_.cancel(CancelReason::kShutdown);
    if (!runner_) return;
    runner_->cancel_floating();
    EXPECT_EQ(runner_->active_runs(), 0u);
  }
  void build(std::string_view graph, std::string_view no_reduce = "[]", std::string_view conditions = "{}") {
    GraphDescription description;
    description.graph = boost::json::parse(graph).as_object();
    description.no_reduce = boost::json::parse(no_reduce).as_array();
    description.conditions = boost::json::parse(conditions).as_object();
    description.check_addresses = false;
    runner_ = std::make_unique<GraphRunner>(build_graph(description).value(), caller_, clock_);
  }
  void run(const Message& message) { run(to_request(message)); }
  void run(wire::DataRequest request) {
    reply_.reset();
    runner_->run(context_, std::move(request), [this](wire::Reply reply) {
      EXPECT_FALSE(reply_.has_value()) << "answered twice";
      reply_ = std::move(reply);
    });
  }
  /// A millisecond passes with every answer, so that the order of times is seen.
  void echo(std::string_view deployment) {
    clock_.advance(std::chrono::milliseconds(1));
    caller_.echo(deployment);
  }
  void raise(std::string_view deployment, std::string description) {
    clock_.advance(std::chrono::milliseconds(1));
    Message message = to_message(caller_.at(deployment).requests.front());
    message.mutable_header()->mutable_status()->set_code(::jina::StatusProto::ERROR);
    message.mutable_header()->mutable_status()->set_description(description);
    caller_.answer(deployment, {.response = to_request(message), .trailing = {{"is-error", "true"}}});
  }
  Message answer() {
    EXPECT_TRUE(reply_.has_value()) << "not answered";
    if (!reply_) return {};
    EXPECT_TRUE(reply_->status.ok()) << reply_->status.to_string();
    return to_message(reply_->response);
  }
  /// "gateway[0-2] a[0-1] b[1-2!]": times in ms since the start, '!' for a status.
  static std::string routes(const Message& message) {
    std::string text;
    const auto ms = [&](const google::protobuf::Timestamp& time) { return (time.seconds() - 1) * 1000 + time.nanos() / 1'000'000; };
    for (const auto& route : message.routes()) {
      if (!text.empty()) text += ' ';
      text += route.executor() + "[";
      if (route.has_start_time()) text += std::to_string(ms(route.start_time()));
      text += '-';
      if (route.has_end_time()) text += std::to_string(ms(route.end_time()));
      text += route.has_status() ? "!]" : "]";
    }
    return text;
  }

  ManualClock clock_;
  FakeExecutorCaller caller_;
  RequestContext context_;
  std::unique_ptr<GraphRunner> runner_;
  std::optional<wire::Reply> reply_;
};

}  // namespace jina::topology
