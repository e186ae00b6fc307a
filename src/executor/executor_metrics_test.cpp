#include "executor/executor_metrics.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "executor/executor_handler.hpp"
#include "executor/fake_stream.hpp"
#include "jina.pb.h"

namespace jina {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class Busy : public Executor {
 public:
  void setup(Endpoints& on) override {
    on.add("/default", &Busy::work)
        .add("/quick", &Busy::work, {.quick = true})
        .add("/await", &Busy::wait)
        .add("/throw", &Busy::raise)
        .add("/batch", &Busy::work, {.batching = DynamicBatching{.preferred_batch_size = 2}})
        .add("/stream", &Busy::stream);
  }
  void work(DocumentArray&) const { const auto timer = monitor("inner_seconds"); }
  Task<> wait(DocumentArray&) { co_return; }
  void raise() { throw std::invalid_argument("no"); }
  Generator<Document> stream(Document doc) {
    co_yield doc;
    co_yield doc;
  }
};

class ExecutorMetricsTest : public testing::Test {
 protected:
  ExecutorMetricsTest() {
    host_.measure(registry_);
    EXPECT_TRUE(host_.setup().ok());
    handler_ = std::make_unique<ExecutorHandler>(host_);
  }
  wire::DataRequest request(const std::string& endpoint, int docs) {
    DataRequestProto request;
    request.mutable_header()->set_exec_endpoint(endpoint);
    for (int i = 0; i < docs; ++i) request.mutable_data()->mutable_docs()->add_docs()->set_id(std::to_string(i));
    return wire::DataRequest::parse(Buffer::copy_of(request.SerializeAsString())).value();
  }
  // The metrics after requests with so many Documents each.
  std::string ask(const std::string& endpoint, const std::vector<int>& documents) {
    for (const int docs : documents) handler_->process_single_data(context_, request(endpoint, docs), [](const wire::Reply&) {});
    io_.restart();
    io_.run();
    return registry_->text();
  }

  boost::asio::io_context io_{1};
  RequestContext context_;
  std::shared_ptr<metrics::Registry> registry_ = std::make_shared<metrics::Registry>();
  ExecutorHost host_{io_, std::make_unique<Busy>(), {"busy", "busy/rep-0", "Busy"}, {.name = "busy/rep-0"}};
  std::unique_ptr<ExecutorHandler> handler_;
};

TEST_F(ExecutorMetricsTest, FunctionsByTheirEndpointRequestsByTheirPath) {
  EXPECT_THAT(
      ask("/foo", {2, 1}),
      AllOf(
          HasSubstr("jina_receiving_request_seconds_count{runtime_name=\"busy/rep-0\"} 2\n"),
          HasSubstr("jina_successful_requests_total{runtime_name=\"busy/rep-0\"} 2\n"),
          HasSubstr("jina_process_request_seconds_count{executor=\"Busy\",executor_endpoint=\"/default\",runtime_name=\"busy/"
                    "rep-0\"} 2\n"),
          HasSubstr("jina_document_processed_total{executor=\"Busy\",executor_endpoint=\"/foo\",runtime_name=\"busy/rep-0\"} 3\n"),
          HasSubstr("jina_received_request_bytes_count{executor=\"Busy\",executor_endpoint=\"/foo\","
                    "runtime_name=\"busy/rep-0\"} 2\n"),
          HasSubstr("jina_sent_response_bytes_count{executor=\"Busy\",executor_endpoint=\"/foo\",runtime_name=\"busy/rep-0\"} 2\n"),
          HasSubstr("jina_inner_seconds_count{runtime_name=\"busy/rep-0\"} 2\n")));
}

TEST_F(ExecutorMetricsTest, EveryKindOfFunction) {
  for (const char* endpoint : {"/quick", "/await"})
    EXPECT_THAT(ask(endpoint, {1}),
                HasSubstr(std::string("jina_process_request_seconds_count{executor=\"Busy\",executor_endpoint=\"") + endpoint +
                          "\",runtime_name=\"busy/rep-0\"} 1\n"));
}

TEST_F(ExecutorMetricsTest, ABatchIsOneCallOfTheFunction) {
  EXPECT_THAT(
      ask("/batch", {1, 1}),
      AllOf(HasSubstr("jina_process_request_seconds_count{executor=\"Busy\",executor_endpoint=\"/batch\",runtime_name=\"busy/"
                      "rep-0\"} 1\n"),
            HasSubstr("jina_successful_requests_total{runtime_name=\"busy/rep-0\"} 2\n")));
}

TEST_F(ExecutorMetricsTest, FailuresHaveNoAnswer) {
  EXPECT_THAT(ask("/throw", {1}),
              AllOf(HasSubstr("jina_failed_requests_total{runtime_name=\"busy/rep-0\"} 1\n"),
                    HasSubstr("jina_successful_requests_total{runtime_name=\"busy/rep-0\"} 0\n"),
                    HasSubstr("jina_received_request_bytes_count{executor=\"Busy\",executor_endpoint=\"/throw\""),
                    Not(HasSubstr("jina_sent_response_bytes_count{")), Not(HasSubstr("jina_document_processed_total{"))));
}

TEST_F(ExecutorMetricsTest, TheDryRunCountsAsInJina) {
  EXPECT_THAT(ask("_jina_dry_run_", {1}),
              AllOf(HasSubstr("jina_process_request_seconds_count{executor=\"Busy\",executor_endpoint=\"_jina_dry_run_\""),
                    HasSubstr("jina_document_processed_total{executor=\"Busy\",executor_endpoint=\"_jina_dry_run_\"")));
}

TEST_F(ExecutorMetricsTest, AStreamIsOneRequest) {
  SingleDocumentRequestProto message;
  message.mutable_header()->set_exec_endpoint("/stream");
  message.mutable_document()->set_id("1");
  const auto stream = std::make_shared<FakeStream>();
  handler_->stream_doc(context_, Buffer::copy_of(message.SerializeAsString()), stream);
  io_.run();
  EXPECT_THAT(
      registry_->text(),
      AllOf(HasSubstr("jina_successful_requests_total{runtime_name=\"busy/rep-0\"} 1\n"),
            HasSubstr("jina_receiving_request_seconds_count{runtime_name=\"busy/rep-0\"} 1\n"),
            HasSubstr("jina_process_request_seconds_count{executor=\"Busy\",executor_endpoint=\"/stream\",runtime_name=\"busy/"
                      "rep-0\"} 1\n")));
}

TEST_F(ExecutorMetricsTest, MoreEndpointsThanAnyoneNeedsAreOne) {
  std::string text;
  for (int i = 0; i < 1002; ++i) text = ask("/" + std::to_string(i), {1});
  EXPECT_THAT(
      text,
      AllOf(HasSubstr("executor_endpoint=\"/999\""), Not(HasSubstr("executor_endpoint=\"/1000\"")),
            HasSubstr(
                "jina_document_processed_total{executor=\"Busy\",executor_endpoint=\"(other)\",runtime_name=\"busy/rep-0\"} 2\n")));
}

TEST_F(ExecutorMetricsTest, AMonitorWithATakenNameMeasuresNothing) {
  const auto sink = ExecutorMetrics::monitors(registry_, "busy/rep-0");
  sink->observe("failed_requests", std::chrono::seconds(1));
  EXPECT_THAT(registry_->text(), Not(HasSubstr("jina_failed_requests_sum")));
}

}  // namespace
}  // namespace jina
