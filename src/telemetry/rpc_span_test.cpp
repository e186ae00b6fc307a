#include "telemetry/rpc_span.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "telemetry/batch_queue.hpp"

namespace jina::telemetry {
namespace {

using testing::Contains;
using testing::IsSupersetOf;
using testing::Pair;

class RpcSpan : public testing::Test {
 protected:
  SpanRecordPtr only() {
    SpanBatch batch = queue_->take();
    EXPECT_EQ(batch.size(), 1U);
    return batch.empty() ? SpanRecordPtr(new SpanRecord) : std::move(batch.front());
  }
  static std::pair<std::string, AttributeValue> at(const char* key, AttributeValue value) { return {key, std::move(value)}; }

  std::shared_ptr<BatchQueue> queue_ = std::make_shared<BatchQueue>();
  Tracer tracer_{"t", queue_};
};

TEST_F(RpcSpan, OfAServerIsUnderTheClientsSpan) {
  RequestContext context;
  context.peer = "[::1]:5000";
  context.metadata = {{"user-agent", "grpc-python/1"}};
  context.trace = TraceContext::parse("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
  Span span = start_server_span(tracer_, "/jina.JinaRPC/Call", context);
  end_rpc_span(span, SpanKind::kServer, {StatusCode::kInvalidArgument, "the client's fault"});
  const auto record = only();
  EXPECT_EQ(record->name, "/jina.JinaRPC/Call");
  EXPECT_EQ(record->kind, SpanKind::kServer);
  EXPECT_EQ(record->parent_id, context.trace.span_id);
  EXPECT_THAT(record->attributes, IsSupersetOf({at("rpc.system", "grpc"), at("rpc.service", "jina.JinaRPC"),
                                                at("rpc.method", "Call"), at("net.peer.ip", "::1"), at("net.peer.port", 5000),
                                                at("rpc.user_agent", "grpc-python/1"), at("rpc.grpc.status_code", 3)}));
  EXPECT_FALSE(record->error);
}

TEST_F(RpcSpan, FailuresAreErrorsOfWhoIsToBlame) {
  Span server = start_server_span(tracer_, "/a.B/c", RequestContext());
  end_rpc_span(server, SpanKind::kServer, {StatusCode::kUnavailable, "gone"});
  EXPECT_EQ(only()->error_description, "UNAVAILABLE: gone");
  Span client = start_client_span(tracer_, "/a.B/c", {});
  end_rpc_span(client, SpanKind::kClient, {StatusCode::kInvalidArgument, "bad"});
  const auto record = only();
  EXPECT_TRUE(record->error);
  EXPECT_EQ(record->kind, SpanKind::kClient);
}

TEST_F(RpcSpan, HealthChecksAreNotTraced) {
  EXPECT_FALSE(start_server_span(tracer_, "/grpc.health.v1.Health/Check", RequestContext()).context().valid());
  EXPECT_TRUE(queue_->take().empty());
}

}  // namespace
}  // namespace jina::telemetry
