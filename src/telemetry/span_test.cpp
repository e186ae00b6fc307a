#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "jina/tracing.hpp"
#include "telemetry/batch_queue.hpp"

namespace jina {
namespace {

using telemetry::BatchLimits;
using telemetry::BatchQueue;
using telemetry::Sampler;
using telemetry::SpanBatch;
using testing::ElementsAre;
using testing::Pair;

const TraceContext kRemote = TraceContext::parse("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "a=1");

TEST(Span, IsEmptyWhenTracingIsOff) {
  const TracerProvider off;
  EXPECT_FALSE(off.enabled());
  Span span = off.tracer("x").start_span("work", {.parent = kRemote});
  EXPECT_FALSE(span);
  EXPECT_FALSE(span.context().valid());
  span.set_attribute("a", 1).add_event("e").record_error("T", "d").set_name("n");
  span.end();
  EXPECT_TRUE(TracerProvider().force_flush());
}

TEST(Span, HandsOverWhatItCollected) {
  const auto queue = std::make_shared<BatchQueue>();
  const Tracer tracer = TracerProvider(queue).tracer("gateway");
  {
    Span span = tracer.start_span("rank", {.parent = kRemote, .kind = SpanKind::kServer, .attributes = {{"early", true}}});
    EXPECT_TRUE(span);
    span.set_attribute("docs", 3).set_attribute("docs", 4).set_attribute("ratio", 0.5).set_attribute("name", "x");
    span.record_error("std::runtime_error", "no luck");
    span.set_name("rank again");
    EXPECT_EQ(span.context().trace_id, kRemote.trace_id);
    EXPECT_EQ(span.context().state, "a=1");
    EXPECT_TRUE(span.context().sampled());
  }
  const SpanBatch batch = queue->take();
  ASSERT_EQ(batch.size(), 1U);
  const telemetry::SpanRecord& record = *batch.front();
  EXPECT_EQ(record.name, "rank again");
  EXPECT_EQ(*record.scope, "gateway");
  EXPECT_EQ(record.kind, SpanKind::kServer);
  EXPECT_EQ(record.parent_id, kRemote.span_id);
  EXPECT_NE(record.context.span_id, kRemote.span_id);
  EXPECT_GT(record.start_ns, 1'600'000'000'000'000'000);
  EXPECT_GE(record.end_ns, record.start_ns);
  EXPECT_THAT(record.attributes, ElementsAre(Pair("early", AttributeValue(true)), Pair("docs", AttributeValue(4)),
                                             Pair("ratio", AttributeValue(0.5)), Pair("name", AttributeValue("x"))));
  ASSERT_EQ(record.events.size(), 1U);
  EXPECT_EQ(record.events[0].name, "exception");
  EXPECT_TRUE(record.error);
  EXPECT_EQ(record.error_description, "no luck");
}

TEST(Span, EndsOnceAndKeepsItsContextForChildren) {
  const auto queue = std::make_shared<BatchQueue>();
  const Tracer tracer("t", queue);
  Span parent = tracer.start_span("parent");
  const TraceContext before = parent.context();
  EXPECT_TRUE(before.valid());
  parent.end();
  parent.end();
  EXPECT_FALSE(parent);
  EXPECT_EQ(parent.context(), before);
  Span other = tracer.start_span("other");
  other = tracer.start_span("child", {.parent = parent.context()});  // ends what it held
  Span moved = std::move(other);
  moved.end();
  const SpanBatch batch = queue->take();
  ASSERT_EQ(batch.size(), 3U);
  EXPECT_EQ(batch[0]->parent_id, telemetry::SpanId{});
  EXPECT_EQ(batch[1]->name, "other");
  EXPECT_EQ(batch[2]->context.trace_id, before.trace_id);
  EXPECT_EQ(batch[2]->parent_id, before.span_id);
}

TEST(Span, IsBounded) {
  const auto queue = std::make_shared<BatchQueue>();
  Span span = Tracer("t", queue).start_span("s");
  for (int i = 0; i < 200; ++i) span.set_attribute("a" + std::to_string(i), i).add_event("e");
  span.end();
  const SpanBatch batch = queue->take();
  EXPECT_EQ(batch[0]->attributes.size(), 128U);
  EXPECT_EQ(batch[0]->dropped_attributes, 72U);
  EXPECT_EQ(batch[0]->events.size(), 128U);
  EXPECT_EQ(batch[0]->dropped_events, 72U);
}

TEST(Span, OfATraceThatIsNotSampledOnlyHasAContext) {
  const auto queue = std::make_shared<BatchQueue>(*Sampler::parse("always_off", ""));
  Span span = Tracer("t", queue).start_span("s", {.parent = kRemote});
  EXPECT_FALSE(span);
  EXPECT_TRUE(span.context().valid());
  EXPECT_FALSE(span.context().sampled());
  EXPECT_EQ(span.context().trace_id, kRemote.trace_id);
  span.set_attribute("a", 1).end();
  EXPECT_TRUE(queue->take().empty());
}

TEST(Sampler, FollowsItsParentOrNot) {
  const TraceContext sampled = kRemote;
  TraceContext dropped = kRemote;
  dropped.flags = 0;
  const telemetry::TraceId id = kRemote.trace_id;
  const auto decide = [&](std::string_view name) {
    const Sampler sampler = *Sampler::parse(name, "");
    return std::array{sampler.sample({}, id), sampler.sample(sampled, id), sampler.sample(dropped, id)};
  };
  EXPECT_THAT(decide(""), ElementsAre(true, true, false));
  EXPECT_THAT(decide("always_on"), ElementsAre(true, true, true));
  EXPECT_THAT(decide("always_off"), ElementsAre(false, false, false));
  EXPECT_THAT(decide("parentbased_always_on"), ElementsAre(true, true, false));
  EXPECT_THAT(decide("parentbased_always_off"), ElementsAre(false, true, false));
  EXPECT_THAT(decide("traceidratio"), ElementsAre(true, true, true));
}

TEST(Sampler, TakesTheRatioOfTheLowHalfOfTheId) {
  const Sampler half = *Sampler::parse("traceidratio", "0.5");
  telemetry::TraceId id{};
  id[8] = 0x7f;
  EXPECT_TRUE(half.sample({}, id));
  id[8] = 0x80;
  EXPECT_FALSE(half.sample({}, id));
  id[8] = 0;
  EXPECT_FALSE(Sampler::parse("traceidratio", "0")->sample({}, id));
  const Sampler tenth = *Sampler::parse("parentbased_traceidratio", "0.1");
  const auto queue = std::make_shared<BatchQueue>(tenth, BatchLimits{.queue = 100'000, .batch = 100'000});
  const Tracer tracer("t", queue);
  for (int i = 0; i < 20'000; ++i) tracer.start_span("s");
  const std::size_t taken = queue->take().size();
  EXPECT_GT(taken, 1'700U);
  EXPECT_LT(taken, 2'300U);
}

TEST(Sampler, SaysWhatIsWrong) {
  EXPECT_THAT(Sampler::parse("sometimes", "").error().message, testing::HasSubstr("OTEL_TRACES_SAMPLER is 'sometimes'"));
  for (const std::string_view wrong : {"x", "1.5", "-0.1", "0.5x", "nan"})
    EXPECT_THAT(Sampler::parse("traceidratio", wrong).error().message, testing::HasSubstr("a number from 0 to 1")) << wrong;
}

TEST(BatchQueue, DropsAndCountsWhatFindsItFull) {
  const auto queue = std::make_shared<BatchQueue>(Sampler(), BatchLimits{.queue = 4, .batch = 3});
  int woken = 0;
  queue->on_pressure([&] { ++woken; });
  const Tracer tracer("t", queue);
  for (int i = 0; i < 10; ++i) tracer.start_span(std::to_string(i));
  EXPECT_EQ(woken, 1);
  EXPECT_TRUE(queue->pressed());
  EXPECT_EQ(queue->counts().dropped, 6U);
  const SpanBatch batch = queue->take();
  ASSERT_EQ(batch.size(), 3U);
  EXPECT_EQ(batch[0]->name, "0");
  EXPECT_FALSE(queue->pressed());
  queue->settle(3, true);
  EXPECT_EQ(queue->counts().exported, 3U);
  queue->close();
  tracer.start_span("late");
  EXPECT_EQ(queue->counts().dropped, 7U);
}

TEST(BatchQueue, AFlushWaitsForWhatEndedBefore) {
  const auto queue = std::make_shared<BatchQueue>();
  TracerProvider provider(queue);
  EXPECT_TRUE(provider.force_flush(std::chrono::milliseconds(0)));
  const Tracer tracer = provider.tracer("t");
  tracer.start_span("a");
  EXPECT_FALSE(provider.force_flush(std::chrono::milliseconds(1)));
  std::thread exporter;
  queue->on_pressure([&] {
    exporter = std::thread([&] {
      const std::size_t count = queue->take().size();
      queue->settle(count, true);
    });
  });
  EXPECT_TRUE(provider.force_flush());
  exporter.join();
  queue->on_pressure(nullptr);
  tracer.start_span("b");
  queue->settle(queue->take().size(), false);
  EXPECT_FALSE(provider.force_flush()) << "one was lost";
  EXPECT_TRUE(provider.force_flush()) << "nothing since";
}

}  // namespace
}  // namespace jina
