// The other services of a head, and its list of shards.
#include "head/head_test_kit.hpp"
#include "wire/pb_writer.hpp"

namespace jina::head {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST_F(HeadTest, CallStreamsAreServed) {
  shard();
  shard();
  start();
  const auto stream = channel->open("/jina.JinaRPC/Call", {});
  std::vector<std::string> got;
  bool ended = false;
  std::function<void(std::optional<Buffer>)> next = [&](std::optional<Buffer> message) {
    if (!message) {
      ended = true;
      return;
    }
    const DocumentArray answered = docs(wire::DataRequest::parse(*message).value());
    for (const Document& match : answered.front().matches) got.push_back(match.id);
    stream->read(next);
  };
  stream->read(next);
  stream->write(request("/search").serialize());
  stream->write(request("/search").serialize());
  stream->writes_done();
  run_until(io, [&] { return ended; });
  EXPECT_TRUE(stream->status().ok()) << stream->status().to_string();
  EXPECT_THAT(got, ElementsAre("s0", "s1", "s0", "s1"));
}

TEST_F(HeadTest, StreamDocGoesToOneShard) {
  shard();
  shard();
  start();
  const auto stream = channel->open("/jina.JinaSingleDocumentRequestRPC/stream_doc", {});
  std::size_t got = 0;
  bool ended = false;
  std::function<void(std::optional<Buffer>)> next = [&](std::optional<Buffer> message) {
    if (!message) {
      ended = true;
      return;
    }
    ++got;
    stream->read(next);
  };
  stream->read(next);
  stream->write(request("/go").serialize());
  stream->writes_done();
  run_until(io, [&] { return ended; });
  EXPECT_TRUE(stream->status().ok()) << stream->status().to_string();
  EXPECT_EQ(got, 1u);
  EXPECT_EQ(executors[0]->calls + executors[1]->calls, 1);
}

TEST_F(HeadTest, StreamDocIsRefusedWhereItWouldPassUsesBeforeBy) {
  shard();
  options.uses_before = executor("before").address();
  start();
  const auto reply = call("/jina.JinaSingleDocumentRequestRPC/stream_doc", request("/go").serialize());
  EXPECT_EQ(reply.status.code, StatusCode::kUnimplemented);
  EXPECT_THAT(reply.status.message, HasSubstr("uses_before or uses_after"));
}

TEST_F(HeadTest, DiscoveryCollectsEndpoints) {
  const auto endpoints = [](std::initializer_list<const char*> names) {
    std::string encoded;
    for (const char* name : names) wire::PbWriter(encoded).bytes(1, name);
    return encoded;
  };
  shard().endpoints = endpoints({"/go", "_jina_dry_run_"});
  shard().endpoints = endpoints({"/go", "_jina_dry_run_"});
  FakeExecutor& before = executor("before");
  before.endpoints = endpoints({"/default", "_jina_dry_run_"});
  options.uses_before = before.address();
  start();
  const auto reply = call("/jina.JinaDiscoverEndpointsRPC/endpoint_discovery", {});
  ASSERT_TRUE(reply.status.ok()) << reply.status.to_string();
  EXPECT_EQ(reply.message.str(), endpoints({"/default", "_jina_dry_run_", "/go"}));
}

TEST_F(HeadTest, DryRunIsNotServedAndStatusIs) {
  shard();
  start();
  EXPECT_EQ(call("/jina.JinaGatewayDryRunRPC/dry_run", {}).status.message, "Method not found!");
  EXPECT_THAT(call("/jina.JinaInfoRPC/_status", {}).message.str(), HasSubstr("jina-proto"));
}

TEST(ShardsTest, MistakesInTheListAreNamed) {
  boost::asio::io_context io;
  const auto message = [&](boost::json::object list) {
    HeadOptions options;
    options.shards = std::move(list);
    return Shards::make(io, options).error().message;
  };
  EXPECT_THAT(message({}), HasSubstr("it names no shard"));
  EXPECT_THAT(message({{"first", "h:1"}}), HasSubstr("'first' is not the number of a shard"));
  EXPECT_THAT(message({{"0", 5}}), HasSubstr("shard 0 is 5"));
  EXPECT_THAT(message({{"0", "h:1"}, {"00", "h:2"}}), HasSubstr("shard 0 is there twice"));
  EXPECT_THAT(message({{"0", boost::json::array{"h"}}}), HasSubstr("deployment '0'"));
}

TEST(ShardsTest, AnAddressMayStandAloneAsInKubernetes) {
  boost::asio::io_context io;
  HeadOptions options;
  options.shards = {{"10", "s-10.default.svc:8080"}, {"2", "s-2.default.svc:8080"}};
  const auto shards = Shards::make(io, options);
  ASSERT_TRUE(shards.ok()) << shards.error().message;
  EXPECT_THAT((*shards)->all(), ElementsAre("2", "10"));
}

}  // namespace
}  // namespace jina::head
