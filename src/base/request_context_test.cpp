#include "jina/request_context.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>

namespace jina {
namespace {

TEST(RequestContext, ACallbackThatThrowsHarmsNobody) {
  auto context = std::make_unique<RequestContext>();
  bool ran = false;
  RequestContext::Registration first = context->on_cancel([](CancelReason) { throw std::runtime_error("oops"); });
  RequestContext::Registration second = context->on_cancel([](CancelReason) { throw 7; });
  RequestContext::Registration third = context->on_cancel([&](CancelReason reason) { ran = reason == CancelReason::kClient; });
  EXPECT_NO_THROW(context->cancel(CancelReason::kClient));
  EXPECT_TRUE(ran);
  first.reset();
  second.reset();
  third.reset();
  context.reset();
}

TEST(RequestContext, ACallbackMayEndTheRequest) {
  auto context = std::make_unique<RequestContext>();
  RequestContext::Registration registration = context->on_cancel([&](CancelReason) {
    registration.reset();
    context.reset();
  });
  context->cancel(CancelReason::kDeadline);
  EXPECT_EQ(context, nullptr);
}

}  // namespace
}  // namespace jina
