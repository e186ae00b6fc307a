// The cost of the graph itself: one Executor that answers at once. Prints a number, fails only when it is absurd.
#include <chrono>
#include <cstdio>

#include "topology/graph_test_kit.hpp"

namespace jina::topology {
namespace {

class EchoCaller final : public ExecutorCaller {
 public:
  void send(RequestContext&, std::string_view, std::string_view, wire::DataRequest&& request, wire::ReplyCallback done) override {
    request_ = std::move(request);
    done_ = std::move(done);
  }
  void send_list(RequestContext&, std::string_view, std::string_view, std::vector<wire::DataRequest>,
                 wire::ReplyCallback) override {}
  void answer() {
    wire::ReplyCallback done = std::move(done_);
    done({.response = std::move(request_)});
  }

 private:
  wire::DataRequest request_;
  wire::ReplyCallback done_;
};

TEST(GraphCost, OneExecutor) {
  GraphDescription description;
  description.graph = boost::json::parse(R"({"start-gateway": ["echo"], "echo": ["end-gateway"]})").as_object();
  description.check_addresses = false;
  EchoCaller caller;
  GraphRunner runner(build_graph(description).value(), caller);
  RequestContext context;
  const wire::DataRequest request = to_request(make_message());
  std::size_t bytes = 0;
  const auto once = [&] {
    runner.run(context, request, [&](wire::Reply reply) { bytes += reply.response.routes.size(); });
    caller.answer();
  };
  for (int i = 0; i < 1'000; ++i) once();
  constexpr int kRounds = 20'000;
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < kRounds; ++i) once();
  const auto spent = std::chrono::steady_clock::now() - start;
  const double each = std::chrono::duration<double, std::nano>(spent).count() / kRounds;
  std::printf("graph run, one Executor: %.0f ns\n", each);
  EXPECT_GT(bytes, 0u);
  EXPECT_LT(each, 50'000);
}

}  // namespace
}  // namespace jina::topology
