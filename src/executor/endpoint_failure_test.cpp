#include "executor/endpoint_failure.hpp"

#include <gtest/gtest.h>

#include "jina/executor.hpp"
#include "wire/data_request.hpp"

namespace jina {
namespace {

template <class E>
EndpointFailure failure_of(E error) {
  return EndpointFailure::of(std::make_exception_ptr(std::move(error)));
}

TEST(EndpointFailure, StandardExceptionGoesByItsType) {
  const EndpointFailure failure = failure_of(std::runtime_error("it broke"));
  EXPECT_EQ(failure.name, "std::runtime_error");
  EXPECT_EQ(failure.args, std::vector<std::string>{"it broke"});
  EXPECT_EQ(failure.description, "std::runtime_error('it broke')");
  EXPECT_EQ(failure.stacks, std::vector<std::string>{"std::runtime_error: it broke\n"});
}

TEST(EndpointFailure, EndpointErrorSaysWhatItIs) {
  const EndpointFailure failure = failure_of(EndpointError("ValueError", {"boom", 42, 1.0, true, nullptr}));
  EXPECT_EQ(failure.name, "ValueError");
  EXPECT_EQ(failure.args, (std::vector<std::string>{"boom", "42", "1.0", "True", "None"}));
  EXPECT_EQ(failure.description, "ValueError('boom', 42, 1.0, True, None)");
  EXPECT_EQ(failure.stacks.back(), "ValueError: ('boom', 42, 1.0, True, None)\n");
  EXPECT_STREQ(EndpointError("KeyError", {"a"}).what(), "KeyError('a')");
}

TEST(EndpointFailure, TextsAreQuotedAsInPython) {
  EXPECT_EQ(failure_of(EndpointError("E", {"it's"})).description, "E(\"it's\")");
  EXPECT_EQ(failure_of(EndpointError("E", {"'\"\\\n\t\x01"})).description, R"(E('\'"\\\n\t\x01'))");
  EXPECT_EQ(failure_of(EndpointError("E", {"é"})).description, "E('é')");
  EXPECT_EQ(failure_of(EndpointError("E", {})).description, "E()");
}

TEST(EndpointFailure, TextThatIsNoUtf8IsMadePrintable) {
  EXPECT_EQ(failure_of(std::runtime_error("a\xff")).description, "std::runtime_error('a?')");
}

TEST(EndpointFailure, AnythingMayBeThrown) { EXPECT_EQ(failure_of(5).name, "unknown"); }

TEST(EndpointFailure, EncodesAnErrorStatus) {
  const std::string encoded = failure_of(EndpointError("ValueError", {"boom", 42})).encode("Zoo");
  Result<wire::StatusView> status = wire::parse_status(encoded);
  ASSERT_TRUE(status.ok());
  EXPECT_EQ(status->code, 1);
  EXPECT_EQ(status->description, "ValueError('boom', 42)");
  EXPECT_EQ(status->exception_name, "ValueError");
  EXPECT_EQ(status->executor, "Zoo");
  EXPECT_EQ(status->args.size(), 2U);
}

}  // namespace
}  // namespace jina
