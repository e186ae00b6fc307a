#include "metrics/registry.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>
#include <thread>

namespace jina::metrics {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

TEST(Registry, WritesWhatPrometheusReads) {
  Registry registry;
  registry.counter("jina_failed_requests", "Requests that failed", {{"runtime_name", "a/rep-0"}}).add(3);
  registry.gauge("jina_number_of_pending_requests", "Waiting", {{"runtime_name", "a/rep-0"}}).set(2);
  registry.summary("jina_seconds", "Time", {{"executor", "A"}, {"runtime_name", "a/rep-0"}}).observe(0.5);
  const std::string text = registry.text();
  EXPECT_THAT(
      text,
      AllOf(HasSubstr("# HELP jina_failed_requests_total Requests that failed\n"
                      "# TYPE jina_failed_requests_total counter\n"
                      "jina_failed_requests_total{runtime_name=\"a/rep-0\"} 3\n"),
            HasSubstr("# TYPE jina_failed_requests_created gauge\njina_failed_requests_created{runtime_name=\"a/rep-0\"} "),
            HasSubstr("# TYPE jina_number_of_pending_requests gauge\n"
                      "jina_number_of_pending_requests{runtime_name=\"a/rep-0\"} 2\n"),
            HasSubstr("# TYPE jina_seconds summary\n"),
            HasSubstr("jina_seconds_count{executor=\"A\",runtime_name=\"a/rep-0\"} 1\n"),
            HasSubstr("jina_seconds_sum{executor=\"A\",runtime_name=\"a/rep-0\"} 0.5\n"), HasSubstr("jina_seconds_created{")));
  EXPECT_THAT(text, Not(HasSubstr("jina_number_of_pending_requests_created")));
}

TEST(Registry, StaysReadableWhateverUsersCallThings) {
  Registry registry;
  registry.counter("x", "line one\nline \\ two", {{"my-label:1", "a\nb"}}).add(1);
  EXPECT_THAT(registry.text(),
              AllOf(HasSubstr("# HELP x_total line one\\nline \\\\ two\n"), HasSubstr("x_total{my_label_1=\"a\\nb\"} 1\n")));
}

TEST(Registry, GivesTheSameMetricForTheSameNameAndLabels) {
  Registry registry;
  Counter& first = registry.counter("jina_x", "", {{"a", "1"}});
  EXPECT_EQ(&registry.counter("jina_x", "", {{"a", "1"}}), &first);
  EXPECT_NE(&registry.counter("jina_x", "", {{"a", "2"}}), &first);
}

TEST(Registry, DeclaredIsThereWithoutSamples) {
  Registry registry;
  registry.declare(Kind::kSummary, "jina_seconds", "Time");
  EXPECT_EQ(registry.text(), "# HELP jina_seconds Time\n# TYPE jina_seconds summary\n");
}

TEST(Registry, TellsSummariesUnderTheirOldNameToo) {
  Registry registry;
  registry.summary("jina_received_request_bytes", "", {}).observe(10);
  registry.alias("jina_received_request_bytes", "jina_request_size_bytes");
  EXPECT_THAT(registry.text(),
              AllOf(HasSubstr("\njina_request_size_bytes_sum 10\n"), HasSubstr("\njina_request_size_bytes_count 1\n"),
                    HasSubstr("\njina_received_request_bytes_sum 10\n"), HasSubstr("\njina_request_size_bytes_created ")));
}

TEST(Registry, MakesNamesThatPrometheusTakes) {
  Registry registry;
  registry.summary("jina_my metric-1", "", {}).observe(1);
  EXPECT_THAT(registry.text(), HasSubstr("jina_my_metric_1_count 1\n"));
}

TEST(Registry, RefusesOneNameForTwoKinds) {
  Registry registry;
  registry.counter("jina_x", "", {});
  try {
    registry.summary("jina_x", "", {});
    FAIL() << "no exception";
  } catch (const std::invalid_argument& error) {
    EXPECT_STREQ(error.what(), "the metric jina_x is a counter and can not be a summary too; choose another name");
  }
}

TEST(Registry, EscapesLabels) {
  Registry registry;
  registry.counter("jina_x", "", {{"executor_endpoint", "/a\"b\\c\nd"}}).add();
  EXPECT_THAT(registry.text(), HasSubstr("jina_x_total{executor_endpoint=\"/a\\\"b\\\\c\\nd\"} 1\n"));
}

TEST(Registry, GivesTheNamesThatAreAskedFor) {
  Registry registry;
  registry.counter("jina_x", "", {}).add();
  registry.counter("jina_y", "", {}).add();
  EXPECT_THAT(registry.text({"jina_y_total"}), AllOf(HasSubstr("jina_y_total 1\n"), Not(HasSubstr("jina_x"))));
}

TEST(Registry, CountsFromManyThreads) {
  Registry registry;
  constexpr int kThreads = 4, kEach = 10'000;
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i)
    threads.emplace_back([&] {
      Summary& summary = registry.summary("jina_s", "", {});
      for (int j = 0; j < kEach; ++j) summary.observe(2);
    });
  for (std::thread& thread : threads) thread.join();
  const Summary& summary = registry.summary("jina_s", "", {});
  EXPECT_EQ(summary.count(), static_cast<std::uint64_t>(kThreads * kEach));
  EXPECT_EQ(summary.sum(), 2.0 * kThreads * kEach);
}

}  // namespace
}  // namespace jina::metrics
