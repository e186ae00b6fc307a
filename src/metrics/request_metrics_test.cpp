#include "metrics/request_metrics.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "metrics/call_metrics.hpp"
#include "wire/encoded_size.hpp"

namespace jina::metrics {
namespace {

using testing::AllOf;
using testing::HasSubstr;

wire::DataRequest request_for(std::string_view endpoint) {
  wire::DataRequest request;
  wire::HeaderFields fields{};
  fields.request_id = "1";
  fields.exec_endpoint = endpoint;
  request.header = Bytes::take(wire::encode_header(fields));
  request.has_header = true;
  request.parameters = Bytes::copy_of("");
  return request;
}

class Metrics : public testing::Test {
 protected:
  // A request comes in; what is returned answers it.
  wire::ReplyCallback come(const wire::DataRequest& request) {
    return metrics_.watch({&request, 1}, [this](wire::Reply) { ++answered_; });
  }

  Registry registry_;
  RequestMetrics metrics_{registry_, "gateway/rep-0"};
  int answered_ = 0;
};

TEST_F(Metrics, CountARequestThatSucceeds) {
  const wire::DataRequest request = request_for("/x");
  auto done = come(request);
  EXPECT_THAT(registry_.text(), HasSubstr("jina_number_of_pending_requests{runtime_name=\"gateway/rep-0\"} 1\n"));
  done({.response = request});
  EXPECT_EQ(answered_, 1);
  const std::string size = std::to_string(request.serialize().size());
  EXPECT_THAT(registry_.text(), AllOf(HasSubstr("jina_number_of_pending_requests{runtime_name=\"gateway/rep-0\"} 0\n"),
                                      HasSubstr("jina_successful_requests_total{runtime_name=\"gateway/rep-0\"} 1\n"),
                                      HasSubstr("jina_failed_requests_total{runtime_name=\"gateway/rep-0\"} 0\n"),
                                      HasSubstr("jina_receiving_request_seconds_count{runtime_name=\"gateway/rep-0\"} 1\n"),
                                      HasSubstr("jina_received_request_bytes_sum{runtime_name=\"gateway/rep-0\"} " + size + "\n"),
                                      HasSubstr("jina_request_size_bytes_sum{runtime_name=\"gateway/rep-0\"} " + size + "\n"),
                                      HasSubstr("jina_sent_response_bytes_sum{runtime_name=\"gateway/rep-0\"} " + size + "\n")));
}

TEST_F(Metrics, CountFailures) {
  const wire::DataRequest request = request_for("/x");
  come(request)({.status = {StatusCode::kUnavailable, "gone"}});
  wire::DataRequest raised = request;
  raised.header = Bytes::take(raised.header.str() + std::string("\x12\x02\x08\x01", 4));  // status {code: ERROR}
  come(request)({.response = raised});
  EXPECT_EQ(answered_, 2);
  EXPECT_THAT(registry_.text(), AllOf(HasSubstr("jina_number_of_pending_requests{runtime_name=\"gateway/rep-0\"} 0\n"),
                                      HasSubstr("jina_failed_requests_total{runtime_name=\"gateway/rep-0\"} 2\n"),
                                      HasSubstr("jina_receiving_request_seconds_count{runtime_name=\"gateway/rep-0\"} 0\n"),
                                      HasSubstr("jina_sent_response_bytes_count{runtime_name=\"gateway/rep-0\"} 0\n")));
}

TEST_F(Metrics, CountAStreamUntilItsEnd) {
  auto first = metrics_.watch_stream(7);
  auto second = metrics_.watch_stream(8);
  EXPECT_THAT(registry_.text(), HasSubstr("jina_number_of_pending_requests{runtime_name=\"gateway/rep-0\"} 2\n"));
  first({});
  second({StatusCode::kCancelled, ""});
  EXPECT_THAT(registry_.text(), AllOf(HasSubstr("jina_number_of_pending_requests{runtime_name=\"gateway/rep-0\"} 0\n"),
                                      HasSubstr("jina_received_request_bytes_sum{runtime_name=\"gateway/rep-0\"} 15\n"),
                                      HasSubstr("jina_successful_requests_total{runtime_name=\"gateway/rep-0\"} 1\n"),
                                      HasSubstr("jina_failed_requests_total{runtime_name=\"gateway/rep-0\"} 1\n")));
}

TEST(CallWatch, CountsEveryTry) {
  Registry registry;
  CallMetrics metrics(registry, "gateway/rep-0");
  CallWatch watch(metrics, {10, 20});
  watch.began();
  watch.ended();
  watch.began();
  watch.ended();
  watch.received(5);
  EXPECT_THAT(registry.text(), AllOf(HasSubstr("jina_sending_request_seconds_count{runtime_name=\"gateway/rep-0\"} 2\n"),
                                     HasSubstr("jina_sent_request_bytes_count{runtime_name=\"gateway/rep-0\"} 4\n"),
                                     HasSubstr("jina_sent_request_bytes_sum{runtime_name=\"gateway/rep-0\"} 60\n"),
                                     HasSubstr("jina_received_response_bytes_count{runtime_name=\"gateway/rep-0\"} 1\n")));
}

TEST(EncodedSize, IsThatOfTheMessage) {
  wire::DataRequest request = request_for("/some/endpoint");
  EXPECT_EQ(wire::encoded_size(request, false), request.serialize().size());
  request.data = Buffer::copy_of(std::string(5000, 'x'));
  std::string routes;
  wire::append_route(routes, {"a", 1, 2, {}});
  request.routes = Bytes::take(std::move(routes));
  EXPECT_EQ(wire::encoded_size(request, false), request.serialize().size());
}

}  // namespace
}  // namespace jina::metrics
