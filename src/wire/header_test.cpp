#include <google/protobuf/stubs/logging.h>
#include <gtest/gtest.h>

#include "jina.pb.h"
#include "wire/data_request.hpp"

namespace jina::wire {
namespace {

TEST(Header, ReadsWhatProtobufWrote) {
  ::jina::HeaderProto proto;
  proto.set_request_id("r1");
  proto.set_exec_endpoint("");
  proto.set_target_executor("z.*");
  proto.set_timeout(7);
  proto.mutable_status()->set_code(::jina::StatusProto::ERROR);
  proto.mutable_status()->set_description("oops");
  const std::string bytes = proto.SerializeAsString();
  const HeaderView view = parse_header(bytes).value();
  EXPECT_EQ(view.request_id, "r1");
  EXPECT_EQ(view.exec_endpoint, "");
  EXPECT_EQ(view.target_executor, "z.*");
  EXPECT_EQ(view.timeout, 7u);
  EXPECT_TRUE(view.has_status);
  EXPECT_TRUE(view.status_is_error);
  EXPECT_EQ(view.status, proto.status().SerializeAsString());
}

TEST(Header, AbsentFieldsStayAbsent) {
  const HeaderView view = parse_header("").value();
  EXPECT_EQ(view.request_id, "");
  EXPECT_FALSE(view.exec_endpoint);
  EXPECT_FALSE(view.target_executor);
  EXPECT_FALSE(view.has_status);
  EXPECT_FALSE(view.status_is_error);
}

TEST(Header, RefusesMalformedBytes) {
  const google::protobuf::LogSilencer quiet;
  const std::string_view cases[] = {
      "\x0a\x05"
      "ab",
      "\x0a\x01\xff", "\x12\x02\x0a\x05", "\x1a\x02\xc0\x80"};
  for (const std::string_view bytes : cases) {
    ::jina::HeaderProto oracle;
    EXPECT_FALSE(oracle.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())));
    EXPECT_EQ(parse_header(bytes).status().code, StatusCode::kInvalidArgument);
  }
}

TEST(Header, TargetExecutorIsClearedByAppending) {
  ::jina::HeaderProto proto;
  proto.set_request_id("r");
  proto.set_target_executor("zoo");
  const Bytes header = Bytes::take(proto.SerializeAsString());
  const Bytes cleared = with_cleared_target_executor(header, parse_header(header.view()).value());
  ::jina::HeaderProto again;
  ASSERT_TRUE(again.ParseFromArray(cleared.data(), static_cast<int>(cleared.size())));
  EXPECT_TRUE(again.has_target_executor());
  EXPECT_EQ(again.target_executor(), "");
  EXPECT_EQ(again.request_id(), "r");
  // A second time nothing is left to do.
  EXPECT_EQ(with_cleared_target_executor(cleared, parse_header(cleared.view()).value()).data(), cleared.data());
}

TEST(Header, EncodedFieldsAreProtobufs) {
  const std::string status = encode_error_status({.description = "ValueError('boom', 42)",
                                                  .exception_name = "ValueError",
                                                  .args = {"boom", "42"},
                                                  .stacks = {"line"},
                                                  .executor = "Zoo"});
  ::jina::HeaderProto proto;
  ASSERT_TRUE(
      proto.ParseFromString(encode_header({.request_id = "r", .exec_endpoint = "/e", .target_executor = "", .status = status})));
  EXPECT_EQ(proto.request_id(), "r");
  EXPECT_EQ(proto.exec_endpoint(), "/e");
  EXPECT_TRUE(proto.has_target_executor());
  EXPECT_EQ(proto.status().code(), ::jina::StatusProto::ERROR);
  EXPECT_EQ(proto.status().exception().args(1), "42");
  EXPECT_EQ(proto.status().exception().executor(), "Zoo");

  const StatusView view = parse_status(status).value();
  EXPECT_EQ(view.code, 1);
  EXPECT_EQ(view.description, "ValueError('boom', 42)");
  EXPECT_TRUE(view.has_exception);
  EXPECT_EQ(view.exception_name, "ValueError");
  EXPECT_EQ(view.args.size(), 2u);
  EXPECT_EQ(view.stacks.size(), 1u);
  EXPECT_EQ(view.executor, "Zoo");
  EXPECT_FALSE(parse_status("\x1a\x05").ok());
}

TEST(Routes, TimesAreCutToMicroseconds) {
  std::string routes;
  append_route(routes, {.executor = "gateway", .start_ns = 1'795'409'198'253'862'999, .end_ns = -1});
  append_route(routes, {.executor = "a", .start_ns = 5'000'000'000, .status = "\x08\x01"});
  append_route(routes, {.executor = "b"});
  ::jina::DataRequestProto proto;
  ASSERT_TRUE(proto.ParseFromString(routes));
  ASSERT_EQ(proto.routes_size(), 3);
  EXPECT_EQ(proto.routes(0).start_time().seconds(), 1'795'409'198);
  EXPECT_EQ(proto.routes(0).start_time().nanos(), 253'862'000);
  EXPECT_EQ(proto.routes(0).end_time().seconds(), -1);
  EXPECT_EQ(proto.routes(0).end_time().nanos(), 999'999'000);
  EXPECT_EQ(proto.routes(1).start_time().nanos(), 0);
  EXPECT_FALSE(proto.routes(1).has_end_time());
  EXPECT_EQ(proto.routes(1).status().code(), ::jina::StatusProto::ERROR);
  EXPECT_FALSE(proto.routes(2).has_start_time());
  EXPECT_EQ(proto.routes(2).executor(), "b");

  RouteReader reader(routes);
  ASSERT_TRUE(reader.next());
  EXPECT_EQ(reader.route().executor, "gateway");
  EXPECT_EQ(reader.route().start->nanos, 253'862'000);
  EXPECT_EQ(reader.route().end->seconds, -1);
  ASSERT_TRUE(reader.next());
  EXPECT_TRUE(reader.route().has_status);
  EXPECT_FALSE(reader.route().end);
  ASSERT_TRUE(reader.next());
  EXPECT_FALSE(reader.next());
  EXPECT_FALSE(reader.failed());
}

TEST(Routes, KeepsThoseOfOneExecutor) {
  std::string routes;
  append_route(routes, {.executor = "gateway", .start_ns = 1000});
  append_route(routes, {.executor = "zoo"});
  append_route(routes, {.executor = "gateway", .end_ns = 2000});
  const std::string kept = keep_routes_of("gateway", routes);
  ::jina::DataRequestProto proto;
  ASSERT_TRUE(proto.ParseFromString(kept));
  ASSERT_EQ(proto.routes_size(), 2);
  EXPECT_EQ(proto.routes(1).end_time().nanos(), 2000);
}

}  // namespace
}  // namespace jina::wire
