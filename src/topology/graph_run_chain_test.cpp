#include <gmock/gmock.h>

#include "topology/graph_test_kit.hpp"

namespace jina::topology {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr const char* kOne = R"({"start-gateway": ["a"], "a": ["end-gateway"]})";
constexpr const char* kChain = R"({"start-gateway": ["a"], "a": ["x"], "x": ["b"], "b": ["end-gateway"]})";

TEST_F(GraphTest, OneExecutor) {
  build(kOne);
  Message message = make_message();
  message.add_routes()->set_executor("client's");
  run(message);
  ASSERT_THAT(caller_.waiting(), ElementsAre("a"));
  EXPECT_EQ(caller_.at("a").endpoint, "/go");
  const Message sent = to_message(caller_.at("a").requests.front());
  EXPECT_TRUE(sent.header().has_target_executor());
  EXPECT_EQ(sent.header().target_executor(), "");
  EXPECT_EQ(sent.header().request_id(), "r");
  EXPECT_TRUE(sent.has_parameters());
  EXPECT_EQ(routes(sent), "client's[-] gateway[0-]");
  EXPECT_EQ(sent.data().SerializeAsString(), message.data().SerializeAsString());
  EXPECT_EQ(runner_->active_runs(), 1u);
  echo("a");
  EXPECT_EQ(runner_->active_runs(), 0u);
  const Message got = answer();
  EXPECT_EQ(routes(got), "gateway[0-1] a[0-1]");
  EXPECT_TRUE(got.has_parameters());
  EXPECT_FALSE(got.header().has_status());
  EXPECT_EQ(got.data().SerializeAsString(), message.data().SerializeAsString());
}

TEST_F(GraphTest, RoutesOfAnOuterGatewayStayAndEnd) {
  build(kOne);
  Message message = make_message();
  message.add_routes()->set_executor("gateway");
  message.mutable_routes(0)->mutable_start_time()->set_seconds(1);
  run(message);
  echo("a");
  EXPECT_EQ(routes(answer()), "gateway[0-1] gateway[0-1] a[0-1]");
}

TEST_F(GraphTest, UnknownFieldsPass) {
  build(kOne);
  Message message = make_message();
  message.GetReflection()->MutableUnknownFields(&message)->AddVarint(99, 7);
  message.header().GetReflection()->MutableUnknownFields(message.mutable_header())->AddVarint(77, 8);
  run(message);
  echo("a");
  const Message got = answer();
  EXPECT_EQ(got.GetReflection()->GetUnknownFields(got).field_count(), 1);
  EXPECT_EQ(got.header().GetReflection()->GetUnknownFields(got.header()).field_count(), 1);
}

TEST_F(GraphTest, ChainInOrderWithTimes) {
  build(kChain);
  run(make_message());
  echo("a");
  ASSERT_THAT(caller_.waiting(), ElementsAre("x"));
  EXPECT_EQ(routes(to_message(caller_.at("x").requests.front())), "gateway[0-] a[-]");
  echo("x");
  echo("b");
  EXPECT_EQ(routes(answer()), "gateway[0-3] a[0-1] x[1-2] b[2-3]");
}

TEST_F(GraphTest, ErrorEndsTheChain) {
  build(kChain);
  run(make_message());
  echo("a");
  raise("x", "boom");
  EXPECT_THAT(caller_.waiting(), IsEmpty());
  const Message got = answer();
  EXPECT_EQ(routes(got), "gateway[0-2] a[0-1] x[1-2!]");
  EXPECT_EQ(got.header().status().description(), "boom");
  EXPECT_EQ(got.routes(2).status().description(), "boom");
  EXPECT_EQ(got.routes(2).status().code(), ::jina::StatusProto::ERROR);
}

TEST_F(GraphTest, NetworkFailureIsTheAnswer) {
  build(kChain);
  run(make_message());
  caller_.answer("a", {.status = {StatusCode::kUnavailable, "down"}});
  ASSERT_TRUE(reply_);
  EXPECT_EQ(reply_->status, (Status{StatusCode::kUnavailable, "down"}));
  EXPECT_EQ(runner_->active_runs(), 0u);
}

TEST_F(GraphTest, CancelReachesTheCall) {
  build(kChain);
  run(make_message());
  context_.cancel(CancelReason::kClient);
  ASSERT_TRUE(reply_);
  EXPECT_EQ(reply_->status.code, StatusCode::kCancelled);
  EXPECT_EQ(runner_->active_runs(), 0u);
}

TEST_F(GraphTest, EmptyGraphEchoes) {
  build("{}");
  Message message = make_message();
  message.mutable_header()->set_target_executor("(");
  run(message);
  const Message got = answer();
  EXPECT_EQ(routes(got), "gateway[0-0]");
  EXPECT_EQ(got.header().target_executor(), "");
  EXPECT_EQ(got.data().docs().docs_size(), 1);
}

TEST_F(GraphTest, TargetSkipsOthers) {
  build(kChain);
  Message message = make_message();
  message.mutable_header()->set_target_executor("a|b");
  run(message);
  echo("a");
  ASSERT_THAT(caller_.waiting(), ElementsAre("b"));
  EXPECT_EQ(to_message(caller_.at("b").requests.front()).header().target_executor(), "");
  echo("b");
  EXPECT_EQ(routes(answer()), "gateway[0-2] a[0-1] x[1-] b[1-2]");
}

TEST_F(GraphTest, TargetNobody) {
  build(kOne);
  Message message = make_message();
  message.mutable_header()->set_target_executor("zoo");
  run(message);
  const Message got = answer();
  EXPECT_EQ(routes(got), "gateway[0-0] a[0-]");
  EXPECT_TRUE(got.header().has_target_executor());
  EXPECT_EQ(got.header().target_executor(), "");
}

TEST_F(GraphTest, BrokenTarget) {
  build(kOne);
  Message message = make_message();
  message.mutable_header()->set_target_executor("(");
  run(message);
  ASSERT_TRUE(reply_);
  EXPECT_EQ(reply_->status,
            (Status{StatusCode::kUnknown, "Unexpected <class 're.error'>: missing ), unterminated subpattern at position 0"}));
}

TEST_F(GraphTest, BrokenHeader) {
  build(kOne);
  wire::DataRequest request;
  request.header = Bytes::of_static("\x0a\x05xx");
  run(std::move(request));
  ASSERT_TRUE(reply_);
  EXPECT_EQ(reply_->status.code, StatusCode::kInvalidArgument);
}

TEST_F(GraphTest, ParametersPerExecutor) {
  build(kChain);
  Message message = make_message();
  auto& fields = *message.mutable_parameters()->mutable_fields();
  fields["k"].set_number_value(1);
  fields["a__k"].set_number_value(2);
  (*fields["b"].mutable_struct_value()->mutable_fields())["k"].set_number_value(3);
  run(message);
  const auto sent = [&](const char* name) { return to_message(caller_.at(name).requests.front()).parameters(); };
  EXPECT_EQ(sent("a").fields().at("k").number_value(), 2);
  EXPECT_EQ(sent("a").fields_size(), 2);
  echo("a");
  EXPECT_EQ(sent("x").fields().at("k").number_value(), 1);
  echo("x");
  EXPECT_EQ(sent("b").fields().at("k").number_value(), 3);
  EXPECT_TRUE(sent("b").fields().contains("b"));
  echo("b");
  EXPECT_EQ(answer().parameters().SerializeAsString().size(), message.parameters().SerializeAsString().size());
}

TEST_F(GraphTest, ParametersThatAreNoObject) {
  build(kOne);
  Message message = make_message();
  (*message.mutable_parameters()->mutable_fields())["a"].set_number_value(5);
  run(message);
  ASSERT_TRUE(reply_);
  EXPECT_EQ(reply_->status.code, StatusCode::kUnknown);
  EXPECT_THAT(reply_->status.message, testing::HasSubstr("'a'"));
}

TEST_F(GraphTest, ResultsAreCollected) {
  build(kChain);
  Message message = make_message();
  (*message.mutable_parameters()->mutable_fields())["__results__"].mutable_struct_value();
  (*message.mutable_parameters()->mutable_fields())["mine"].set_bool_value(true);
  run(message);
  for (const char* name : {"a", "x", "b"}) {
    Message reply = to_message(caller_.at(name).requests.front());
    if (*name != 'x') {
      auto& results = *(*reply.mutable_parameters()->mutable_fields())["__results__"].mutable_struct_value()->mutable_fields();
      (*results[name + std::string("/rep-0")].mutable_struct_value()->mutable_fields())["n"].set_number_value(*name);
    }
    caller_.answer(name, {.response = to_request(reply)});
  }
  const auto parameters = answer().parameters();
  EXPECT_TRUE(parameters.fields().at("mine").bool_value());
  const auto& results = parameters.fields().at("__results__").struct_value().fields();
  ASSERT_EQ(results.size(), 2u);
  EXPECT_EQ(results.at("a/rep-0").struct_value().fields().at("n").number_value(), 'a');
  EXPECT_EQ(results.at("b/rep-0").struct_value().fields().at("n").number_value(), 'b');
}

}  // namespace
}  // namespace jina::topology
