#include "topology/polling.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace jina::topology {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

Poll of(std::string_view polling, std::string_view endpoint) { return Polling::parse(polling).value().of(endpoint); }

TEST(Polling, SearchAsksAllAndIndexAnyByDefault) {
  for (const char* text : {"", "ANY", "any", " Any "}) {
    EXPECT_EQ(of(text, "/search"), Poll::kAll) << text;
    EXPECT_EQ(of(text, "/index"), Poll::kAny) << text;
    EXPECT_EQ(of(text, "/other"), Poll::kAny) << text;
    EXPECT_EQ(of(text, ""), Poll::kAny) << text;
  }
  EXPECT_EQ(of("ALL", "/other"), Poll::kAll);
  EXPECT_EQ(of("ALL", ""), Poll::kAll);
  EXPECT_EQ(of("ALL", "/index"), Poll::kAny);
}

TEST(Polling, AnObjectNamesEndpointsAndTheRest) {
  const char* text = R"({"/go": "ALL", "/one": "any", "/number": 2, "*": "ALL", "/index": "ALL"})";
  EXPECT_EQ(of(text, "/go"), Poll::kAll);
  EXPECT_EQ(of(text, "/one"), Poll::kAny);
  EXPECT_EQ(of(text, "/number"), Poll::kAll);
  EXPECT_EQ(of(text, "/other"), Poll::kAll);
  EXPECT_EQ(of(text, "/index"), Poll::kAll);
  EXPECT_EQ(of(R"({"*": "ANY"})", "/search"), Poll::kAll) << "'*' does not touch /search";
  EXPECT_EQ(of(R"({"/search": "ANY"})", "/search"), Poll::kAny);
  EXPECT_EQ(of("{}", "/other"), Poll::kAny);
}

TEST(Polling, MistakesAreNamed) {
  const auto message = [](std::string_view text) { return Polling::parse(text).error().message; };
  EXPECT_THAT(message("SOME"), AllOf(HasSubstr("'SOME'"), HasSubstr("write ANY, ALL, or JSON")));
  EXPECT_THAT(message(R"({"/go": "SOME"})"), HasSubstr("'SOME' is neither ANY nor ALL"));
  EXPECT_THAT(message(R"({"/go": 3})"), HasSubstr("3 is neither"));
  EXPECT_THAT(message(R"({"/go": )"), HasSubstr("is no JSON"));
  EXPECT_THAT(message("ALL_ASYNC"), HasSubstr("'ALL_ASYNC'"));
}

TEST(Polling, AllMistakesAreToldWithTheirEndpoints) {
  std::vector<Polling::Mistake> mistakes;
  const Polling polling = Polling::parse(R"({"/a": "SOME", "/b": 2, "/c": 7})", mistakes);
  ASSERT_EQ(mistakes.size(), 2U);
  EXPECT_EQ(mistakes[0].endpoint, "/a");
  EXPECT_EQ(mistakes[0].value, "'SOME'");
  EXPECT_EQ(mistakes[1].endpoint, "/c");
  EXPECT_EQ(polling.of("/b"), Poll::kAll);
}

}  // namespace
}  // namespace jina::topology
