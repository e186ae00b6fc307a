#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "jina/tracing.hpp"
#include "telemetry/propagation.hpp"

namespace jina {
namespace {

constexpr std::string_view kParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

TEST(TraceContext, IsReadAndWrittenAsItCame) {
  const TraceContext context = TraceContext::parse(kParent, "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE");
  ASSERT_TRUE(context.valid());
  EXPECT_TRUE(context.sampled());
  EXPECT_EQ(context.traceparent(), kParent);
  EXPECT_EQ(context.trace_id_hex(), "0af7651916cd43dd8448eb211c80319c");
  EXPECT_EQ(context.state, "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE");
  EXPECT_FALSE(TraceContext::parse("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00").sampled());
}

TEST(TraceContext, UnknownFlagsAreNotPassedOn) {
  EXPECT_EQ(TraceContext::parse("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-ff").traceparent(), kParent);
  EXPECT_EQ(TraceContext::parse("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-02").traceparent().back(), '0');
}

TEST(TraceContext, ALaterVersionIsReadAsFarAsItIsKnown) {
  const auto later = [](std::string_view text) { return TraceContext::parse(text).traceparent(); };
  EXPECT_EQ(later("cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"), kParent);
  EXPECT_EQ(later("cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-what-the-future-will-be-like"), kParent);
  EXPECT_EQ(later("cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01.what"), "");
  EXPECT_EQ(later("ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"), "");
}

TEST(TraceContext, WhatIsWrongIsNone) {
  for (const std::string_view wrong : {
           "",
           "00",
           "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
           "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-1",
           "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-",
           "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
           "00-00000000000000000000000000000000-b7ad6b7169203331-01",
           "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
           "00-0af7651916cd43dd8448eb211c80319c-b7ad6b716920333g-01",
           "00_0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
           "0x-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
       })
    EXPECT_FALSE(TraceContext::parse(wrong).valid()) << wrong;
  EXPECT_TRUE(TraceContext::parse("  " + std::string(kParent) + "\t").valid());
  EXPECT_EQ(TraceContext{}.traceparent(), "");
}

TEST(TraceContext, AWrongStateIsDroppedAndTheParentKept) {
  const auto state = [](std::string_view text) {
    const TraceContext context = TraceContext::parse(kParent, text);
    EXPECT_TRUE(context.valid());
    return context.state;
  };
  EXPECT_EQ(state("a=1"), "a=1");
  EXPECT_EQ(state(" a=1 , ,b=2\t"), "a=1,b=2");
  EXPECT_EQ(state("tenant@system=x y"), "tenant@system=x y");
  EXPECT_EQ(state("a"), "");
  EXPECT_EQ(state("=1"), "");
  EXPECT_EQ(state("A=1"), "");
  EXPECT_EQ(state("a=1=2"), "");
  EXPECT_EQ(state("a=\x01"), "");
  EXPECT_EQ(state("a=" + std::string(257, 'x')), "");
  std::string many;
  for (int i = 0; i < 33; ++i) many += "k" + std::to_string(i) + "=v,";
  EXPECT_EQ(state(many), "");
}

TEST(TraceContext, OnlyTheNewestOfALongStateIsPassedOn) {
  const std::string first = "a=" + std::string(250, 'x');
  const std::string second = "b=" + std::string(250, 'y');
  EXPECT_EQ(TraceContext::parse(kParent, first + "," + second + ",c=3456789,d=1").state, first + "," + second);
}

TEST(Propagation, GoesThroughMetadata) {
  Metadata metadata = {{"x", "y"}};
  const TraceContext context = TraceContext::parse(kParent, "a=1");
  telemetry::inject(context, metadata);
  EXPECT_THAT(metadata, testing::ElementsAre(testing::Pair("x", "y"), testing::Pair("traceparent", std::string(kParent)),
                                             testing::Pair("tracestate", "a=1")));
  EXPECT_EQ(telemetry::extract(metadata), context);
  metadata.emplace_back("tracestate", "b=2");
  EXPECT_EQ(telemetry::extract(metadata).state, "a=1,b=2");
  metadata.emplace_back("traceparent", std::string(kParent));
  EXPECT_FALSE(telemetry::extract(metadata).valid()) << "two parents";
  Metadata untouched;
  telemetry::inject({}, untouched);
  EXPECT_TRUE(untouched.empty());
}

}  // namespace
}  // namespace jina
