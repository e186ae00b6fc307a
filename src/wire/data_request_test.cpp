#include "wire/data_request.hpp"

#include <google/protobuf/stubs/logging.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <random>

#include "jina.pb.h"
#include "wire/golden_messages.hpp"
#include "wire/pb_writer.hpp"

namespace jina::wire {
namespace {

using google::protobuf::util::MessageDifferencer;
namespace recorded = testing_data;

::jina::DataRequestProto parsed(std::string_view bytes) {
  ::jina::DataRequestProto proto;
  EXPECT_TRUE(proto.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())));
  return proto;
}

// The same bytes, cut into pieces at random.
Buffer scattered(std::string_view bytes, std::mt19937& random) {
  Buffer buffer;
  while (!bytes.empty()) {
    const std::size_t size = std::uniform_int_distribution<std::size_t>(1, std::min<std::size_t>(bytes.size(), 40))(random);
    buffer.append(Bytes::copy_of(bytes.substr(0, size)));
    bytes.remove_prefix(size);
  }
  return buffer;
}

TEST(DataRequest, RecordedMessagesComeBackEqual) {
  std::mt19937 random(1);
  for (const std::string_view hex :
       {recorded::kTextUpperReq, recorded::kTextUpperResp, recorded::kUnknownFieldReq, recorded::kUnknownFieldResp,
        recorded::kParamsSpecificReq, recorded::kChunksMatchesUp0Resp, recorded::kScoresEvaluationsUp0Resp}) {
    const std::string bytes = recorded::from_hex(hex);
    for (const Buffer& message : {Buffer::copy_of(bytes), scattered(bytes, random)}) {
      const Result<DataRequest> request = DataRequest::parse(message);
      ASSERT_TRUE(request.ok()) << request.error().message;
      EXPECT_TRUE(MessageDifferencer::Equals(parsed(bytes), parsed((*request).serialize().str())));
    }
  }
}

TEST(DataRequest, FieldsAreSlicesOfTheMessage) {
  ::jina::DataRequestProto proto;
  proto.mutable_header()->set_request_id("r");
  proto.mutable_data()->mutable_docs()->add_docs()->set_text(std::string(5000, 'x'));
  const Bytes message = Bytes::take(proto.SerializeAsString());
  const DataRequest request = DataRequest::parse(Buffer(message)).value();
  EXPECT_EQ(request.header.data(), message.data() + 2);
  ASSERT_EQ(request.data->pieces().size(), 1u);
  EXPECT_EQ(request.data->pieces()[0].data() + request.data->size(), message.data() + message.size());
  const Buffer again = request.serialize();
  ASSERT_EQ(again.pieces().size(), 2u);
  EXPECT_EQ(again.pieces()[1].data(), request.data->pieces()[0].data());
}

TEST(DataRequest, RepeatedOccurrencesMerge) {
  ::jina::DataRequestProto a;
  a.mutable_header()->set_request_id("r");
  a.add_routes()->set_executor("x");
  a.mutable_data()->mutable_docs()->add_docs()->set_id("1");
  (*a.mutable_parameters()->mutable_fields())["a"].set_number_value(1);
  ::jina::DataRequestProto b;
  b.mutable_header()->set_exec_endpoint("/e");
  b.add_routes()->set_executor("y");
  b.mutable_data()->mutable_docs()->add_docs()->set_id("2");
  (*b.mutable_parameters()->mutable_fields())["b"].set_number_value(1);
  const std::string both = a.SerializeAsString() + b.SerializeAsString();
  std::mt19937 random(2);
  for (const Buffer& message : {Buffer::copy_of(both), scattered(both, random)}) {
    const std::string again = DataRequest::parse(message).value().serialize().str();
    EXPECT_TRUE(MessageDifferencer::Equals(parsed(both), parsed(again)));
    EXPECT_EQ(parsed(again).routes_size(), 2);
    EXPECT_EQ(parsed(again).data().docs().docs_size(), 2);
  }
}

TEST(DataRequest, PresenceSurvives) {
  EXPECT_EQ(DataRequest::parse(Buffer{}).value().serialize().size(), 0u);
  const std::string empty_fields("\x0a\x00\x12\x00\x22\x00", 6);
  EXPECT_EQ(DataRequest::parse(Buffer::copy_of(empty_fields)).value().serialize().str(), empty_fields);
}

TEST(DataRequest, RefusesWhatProtobufRefuses) {
  struct Case {
    std::string bytes;
    const char* why;
  };
  const Case cases[] = {
      {"\x0a", "no length"},
      {"\x0a\x05"
       "abc",
       "content cut off"},
      {"\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", "length beyond everything"},
      {std::string("\x00\x00", 2), "field number 0"},
      {"\x07", "wire type 7"},
      {"\x0e", "wire type 6"},
      {"\x0c", "end of a group that is not open"},
      {std::string("\x0b\x14", 2), "group closed by another number"},
      {"\x0b", "group never closed"},
      {"\x09\x01\x02", "fixed64 cut off"},
      {"\x0d\x01", "fixed32 cut off"},
      {"\x08\x80", "varint cut off"},
      {"\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", "varint of eleven bytes"},
      {"\xff\xff\xff\xff\xff\x01", "tag beyond 32 bits"},
  };
  std::mt19937 random(3);
  for (const Case& c : cases) {
    ::jina::DataRequestProto oracle;
    ASSERT_FALSE(oracle.ParseFromString(c.bytes)) << c.why;
    const Result<DataRequest> request = DataRequest::parse(Buffer::copy_of(c.bytes));
    ASSERT_FALSE(request.ok()) << c.why;
    EXPECT_EQ(request.error().code, StatusCode::kInvalidArgument);
    EXPECT_EQ(request.error().message, "not a DataRequestProto: malformed field at byte 0") << c.why;
    EXPECT_FALSE(DataRequest::parse(scattered(c.bytes, random)).ok()) << c.why;
  }
}

TEST(DataRequest, KeepsGroupsAndForeignWireTypesAsUnknown) {
  // A group, `header` as a varint, `data` as fixed32.
  const std::string bytes("\x53\x08\x01\x5b\x5c\x54\x08\x07\x25\x01\x02\x03\x04\x0a\x03\x0a\x01r", 18);
  std::mt19937 random(4);
  for (const Buffer& message : {Buffer::copy_of(bytes), scattered(bytes, random)}) {
    const DataRequest request = DataRequest::parse(message).value();
    EXPECT_EQ(parse_header(request.header.view()).value().request_id, "r");
    EXPECT_FALSE(request.data);
    EXPECT_EQ(request.unknown.size(), 13u);
  }
}

TEST(DataRequest, MutatedBytesAgreeWithProtobufOnTheTopLevel) {
  const google::protobuf::LogSilencer quiet;
  std::mt19937 random(5);
  const std::string good = recorded::from_hex(recorded::kTextUpperResp) + recorded::from_hex(recorded::kUnknownFieldResp);
  int accepted = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes = good;
    for (int i = std::uniform_int_distribution<int>(1, 3)(random); i > 0; --i)
      bytes[std::uniform_int_distribution<std::size_t>(0, bytes.size() - 1)(random)] = static_cast<char>(random());
    bytes.resize(std::uniform_int_distribution<std::size_t>(1, bytes.size())(random));
    ::jina::DataRequestProto oracle;
    const bool valid = oracle.ParseFromString(bytes);
    const Result<DataRequest> request = DataRequest::parse(Buffer::copy_of(bytes));
    const Result<DataRequest> pieces = DataRequest::parse(scattered(bytes, random));
    EXPECT_EQ(request.ok(), pieces.ok());
    if (valid) {
      EXPECT_TRUE(request.ok());
    }
    if (!request.ok()) continue;
    ++accepted;
    // Whatever was accepted is written again with the same meaning, and every view of it can be read.
    EXPECT_EQ((*request).serialize().str(), (*pieces).serialize().str());
    if (valid) {
      EXPECT_TRUE(MessageDifferencer::Equals(oracle, parsed((*request).serialize().str())));
    }
    (void)parse_header((*request).header.view());
    RouteReader routes((*request).routes.view());
    while (routes.next()) (void)parse_status(routes.route().status);
  }
  EXPECT_GT(accepted, 100);
}

TEST(RequestList, RoundTrip) {
  ::jina::DataRequestListProto list;
  list.add_requests()->mutable_header()->set_request_id("1");
  list.add_requests()->mutable_data()->mutable_docs()->add_docs()->set_text(std::string(3000, 't'));
  list.add_requests();
  const std::vector<DataRequest> requests = parse_request_list(Buffer::copy_of(list.SerializeAsString())).value();
  ASSERT_EQ(requests.size(), 3u);
  ::jina::DataRequestListProto again;
  ASSERT_TRUE(again.ParseFromString(serialize_request_list(requests).str()));
  EXPECT_TRUE(MessageDifferencer::Equals(list, again));
  EXPECT_FALSE(parse_request_list(Buffer::copy_of("\x0a\x02\x0a\x05")).ok());
}

}  // namespace
}  // namespace jina::wire
