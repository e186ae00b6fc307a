// The codec held to generated protobuf code, both ways.
#include "document/document_codec.hpp"

#include <google/protobuf/stubs/logging.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <random>

#include "docarray.pb.h"
#include "document/struct_codec.hpp"
#include "jina.pb.h"
#include "wire/pb_writer.hpp"

namespace jina {
namespace {

using google::protobuf::util::MessageDifferencer;
using Content = ::jina::DataRequestProto::DataContentProto;

class Random {
 public:
  explicit Random(unsigned seed) : engine_(seed) {}
  bool coin() { return number(0, 1) == 1; }
  int number(int low, int high) { return std::uniform_int_distribution<int>(low, high)(engine_); }
  std::string text(int most = 12) {
    std::string out;
    for (int i = number(0, most); i > 0; --i) out += static_cast<char>('a' + number(0, 25));
    return out;
  }

 private:
  std::mt19937 engine_;
};

void fill(google::protobuf::Struct& object, Random& random, int depth) {
  for (int i = random.number(0, 4); i > 0; --i) {
    auto& value = (*object.mutable_fields())["k" + std::to_string(i)];
    switch (random.number(0, depth > 0 ? 5 : 3)) {
      case 0: value.set_null_value(google::protobuf::NULL_VALUE); break;
      case 1: value.set_number_value(random.number(-1000, 1000) / 8.0); break;
      case 2: value.set_string_value(random.text()); break;
      case 3: value.set_bool_value(random.coin()); break;
      case 4: fill(*value.mutable_struct_value(), random, depth - 1); break;
      default:
        value.mutable_list_value();
        for (int n = random.number(0, 3); n > 0; --n) value.mutable_list_value()->add_values()->set_number_value(n);
    }
  }
}

void fill(docarray::DenseNdArrayProto& dense, Random& random) {
  dense.set_buffer(std::string(static_cast<std::size_t>(random.number(0, 400)) * 8, 'b'));
  for (int i = random.number(0, 3); i > 0; --i) dense.add_shape(static_cast<unsigned>(random.number(0, 70000)));
  dense.set_dtype("<f8");
}

void fill(docarray::NdArrayProto& array, Random& random) {
  if (random.number(0, 3) == 0) {
    fill(*array.mutable_sparse()->mutable_indices(), random);
    fill(*array.mutable_sparse()->mutable_values(), random);
    array.mutable_sparse()->add_shape(3);
    (*array.mutable_parameters()->mutable_fields())["sparse_format"].set_string_value("coo");
  } else {
    fill(*array.mutable_dense(), random);
  }
  if (random.coin()) array.set_cls_name("numpy");
}

void fill(docarray::DocumentProto& doc, Random& random, int depth) {
  doc.set_id(random.text());
  switch (random.number(0, 3)) {
    case 0: doc.set_blob(std::string(static_cast<std::size_t>(random.number(0, 5000)), 'x')); break;
    case 1: fill(*doc.mutable_tensor(), random); break;
    case 2: doc.set_text(random.text()); break;
    default: break;
  }
  if (random.coin()) doc.set_granularity(static_cast<unsigned>(random.number(0, 1000)));
  if (random.coin()) doc.set_adjacency(7);
  if (random.coin()) doc.set_parent_id(random.text());
  if (random.coin()) doc.set_weight(0.5f);
  if (random.coin()) doc.set_uri("http://x/" + random.text());
  if (random.coin()) doc.set_modality("m");
  if (random.coin()) doc.set_mime_type("text/plain");
  if (random.coin()) doc.set_offset(-1.5f);
  for (int i = random.number(0, 2); i > 0; --i) doc.add_location(static_cast<float>(i));
  if (random.coin()) fill(*doc.mutable_embedding(), random);
  if (random.coin()) fill(*doc.mutable_tags(), random, 3);
  if (doc.has_tags() && doc.tags().fields().empty()) doc.clear_tags();  // an empty Struct and none are the same to Jina
  if (random.coin()) (*doc.mutable_scores())["cos"].set_value(0.25f);
  if (random.coin()) (*doc.mutable_evaluations())["p"].set_op_name("precision");
  if (random.coin()) fill(*doc.mutable__metadata(), random, 1);
  if (depth == 0) return;
  for (int i = random.number(0, 2); i > 0; --i) fill(*doc.add_chunks(), random, depth - 1);
  for (int i = random.number(0, 2); i > 0; --i) fill(*doc.add_matches(), random, depth - 1);
}

TEST(DocumentCodec, WhatProtobufWroteComesBackEqual) {
  for (unsigned seed = 0; seed < 300; ++seed) {
    Random random(seed);
    Content content;
    content.mutable_docs();
    for (int i = random.number(0, 3); i > 0; --i) fill(*content.mutable_docs()->add_docs(), random, 2);
    const Buffer encoded = Buffer::copy_of(content.SerializeAsString());
    const Result<DocumentArray> docs = decode_documents(encoded);
    ASSERT_TRUE(docs.ok()) << docs.error().message;
    Content again;
    ASSERT_TRUE(again.ParseFromString(encode_documents(*docs).str())) << "seed " << seed;
    std::string difference;
    MessageDifferencer differencer;
    differencer.ReportDifferencesToString(&difference);
    EXPECT_TRUE(differencer.Compare(content, again)) << "seed " << seed << "\n" << difference;
    // And a second round through our own code is stable.
    EXPECT_EQ(*decode_documents(encode_documents(*docs)), *docs) << "seed " << seed;
  }
}

TEST(DocumentCodec, MutatedBytesNeverCrash) {
  const google::protobuf::LogSilencer quiet;
  Random random(7);
  Content content;
  for (int i = 0; i < 3; ++i) fill(*content.mutable_docs()->add_docs(), random, 2);
  const std::string good = content.SerializeAsString();
  for (int round = 0; round < 3000; ++round) {
    std::string bad = good;
    for (int i = random.number(1, 4); i > 0; --i)
      bad[static_cast<std::size_t>(random.number(0, static_cast<int>(bad.size()) - 1))] = static_cast<char>(random.number(0, 255));
    bad.resize(static_cast<std::size_t>(random.number(0, static_cast<int>(bad.size()))));
    Content oracle;
    const bool valid = oracle.ParseFromString(bad);
    const Result<DocumentArray> docs = decode_documents(Buffer::copy_of(bad));
    if (valid) {
      EXPECT_TRUE(docs.ok());
    }
    if (docs) {
      EXPECT_EQ(decode_documents(encode_documents(*docs)).ok(), true);
    }
  }
}

TEST(DocumentCodec, UnknownFieldsSurvive) {
  const std::string encoded =
      "\x0a\x01"
      "a"
      "\xfa\x06\x03xyz";  // id = "a", field 111 = "xyz"
  const Result<Document> doc = decode_document(Bytes::copy_of(encoded));
  ASSERT_TRUE(doc.ok());
  EXPECT_EQ(encode_document(*doc).str(), encoded);
}

TEST(DocumentCodec, NestingHasABound) {
  std::string encoded;
  for (int i = 0; i < 200; ++i) {
    std::string outer;
    wire::PbWriter(outer).bytes(14, encoded);
    encoded = outer;
  }
  EXPECT_EQ(decode_document(Bytes::copy_of(encoded)).status().code, StatusCode::kInvalidArgument);
}

TEST(DocumentCodec, TextHasToBeUtf8) {
  for (const std::string_view bytes : {"\x0a\x01\xff", "\x22\x02\xc0\x80", "\x22\x03\xed\xa0\x80", "\x4a\x01\x80"})
    EXPECT_EQ(decode_document(Bytes::copy_of(bytes)).status().code, StatusCode::kInvalidArgument);
  EXPECT_EQ(decode_document(Bytes::copy_of("\x22\x04\xf0\x9f\x99\x82")).value().text(), "\xf0\x9f\x99\x82");
}

TEST(DocumentCodec, ManyUnknownFieldsTakeLinearTime) {
  std::string encoded;
  for (int i = 0; i < 500'000; ++i) encoded.append("\xf8\x06\x01");
  const Document doc = decode_document(Bytes::copy_of(encoded)).value();
  EXPECT_EQ(doc.unknown_fields.view(), encoded);
}

TEST(DocumentCodec, LastContentWins) {
  const Document doc = decode_document(Bytes::copy_of("\x12\x01"
                                                      "b"
                                                      "\x22\x01"
                                                      "t"))
                           .value();  // blob, then text
  EXPECT_EQ(doc.text(), "t");
  EXPECT_FALSE(doc.has_blob());
}

TEST(DocumentCodec, DocsBytesAreCarriedAsTheyAre) {
  Content content;
  content.set_docs_bytes("pickled");
  const DataContent decoded = decode_content(Buffer::copy_of(content.SerializeAsString())).value();
  EXPECT_FALSE(decoded.docs);
  EXPECT_EQ(decoded.docs_bytes->view(), "pickled");
}

TEST(DocumentCodec, BlobsShareTheMessage) {
  Document document{{.id = "d", .blob = Bytes::copy_of(std::string(10'000, 'b'))}};
  const Buffer encoded = encode_document(document);
  bool shared = false;
  for (const Bytes& piece : encoded.pieces()) shared |= piece.data() == document.blob().data();
  EXPECT_TRUE(shared);
  const Bytes flat = encoded.flatten();
  const Result<Document> decoded = decode_document(flat);
  ASSERT_TRUE(decoded.ok());
  EXPECT_GE(decoded->blob().data(), flat.data());
  EXPECT_LT(decoded->blob().data(), flat.data() + flat.size());
}

TEST(Tensor, ShapesFromTheNetworkCostNothing) {
  Tensor tensor;
  tensor.dtype = "<f4";
  tensor.shape = {4'000'000'000u, 4'000'000'000u, 4'000'000'000u};
  EXPECT_EQ(tensor.element_count(), std::numeric_limits<std::size_t>::max());
  EXPECT_THROW((void)tensor.copy_as<float>(), std::invalid_argument);
  tensor.shape = {4'000'000'000u, 4'000'000'000u, 0};
  EXPECT_EQ(tensor.element_count(), 0u);
  tensor.shape = {2};
  EXPECT_EQ(tensor.copy_as<int>(), (std::vector<int>{0, 0}));
}

TEST(Tensor, ConversionsStayInRange) {
  const Tensor tensor = Tensor::of<double>(std::vector<double>{1e300, -1e300, std::numeric_limits<double>::quiet_NaN(), 2.9});
  EXPECT_EQ(tensor.copy_as<std::int8_t>(), (std::vector<std::int8_t>{127, -128, 0, 2}));
}

TEST(Tensor, ViewsAreTyped) {
  const Tensor tensor = Tensor::of<float>({2, 2}, std::vector<float>{1, 2, 3, 4});
  EXPECT_EQ(tensor.view<float>()[3], 4.0f);
  EXPECT_THROW((void)tensor.view<double>(), std::invalid_argument);
  EXPECT_EQ(tensor.copy_as<std::int64_t>(), (std::vector<std::int64_t>{1, 2, 3, 4}));
  EXPECT_THROW((void)Tensor::of<float>({3}, std::vector<float>{1}), std::invalid_argument);
}

}  // namespace
}  // namespace jina
