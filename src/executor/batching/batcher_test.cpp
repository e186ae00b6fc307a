// Which requests share a batch, and what each of them gets of it.
#include "executor/batching/batcher.hpp"

#include <gmock/gmock.h>

#include <stdexcept>

#include "executor/batching/batch_test_kit.hpp"

namespace jina {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

class BatcherTest : public BatchingTest {};

TEST_F(BatcherTest, OnlyRequestsWithEqualParametersShareABatch) {
  use({.preferred_batch_size = 8, .timeout = 5ms});
  std::vector<Parameters> given;
  function = [&](EndpointCall& call) { given.push_back(call.parameters); };
  const auto a = send({"a"}, {{"top_k", 1}, {"lang", "en"}}), b = send({"b"}, {{"top_k", 2}, {"lang", "en"}});
  const auto c = send({"c"}, {{"lang", "en"}, {"top_k", 1.0}}), d = send({"d"});
  EXPECT_EQ(batcher->queues(), 3);
  time->advance(5ms);
  EXPECT_THAT(slices, UnorderedElementsAre(Texts{"a", "c"}, Texts{"b"}, Texts{"d"}));
  EXPECT_THAT(given, UnorderedElementsAre(Parameters{{"top_k", 1.0}, {"lang", "en"}}, Parameters{{"top_k", 2.0}, {"lang", "en"}},
                                          Parameters{}));
  EXPECT_EQ(batcher->queues(), 0);
}

TEST_F(BatcherTest, EndpointsDoNotShareBatches) {
  use({.preferred_batch_size = 2, .timeout = 5ms});
  const auto a = send(request({"a"})), b = send(request({"b"}), &other_endpoint);
  EXPECT_THAT(slices, IsEmpty());
  time->advance(5ms);
  EXPECT_THAT(slices, UnorderedElementsAre(Texts{"a"}, Texts{"b"}));
}

TEST_F(BatcherTest, SlicesCrossTheBoundariesOfRequests) {
  use({.preferred_batch_size = 4, .timeout = 5ms});
  const auto a = send({"1", "2", "3"});
  const auto b = send({"4", "5", "6", "7", "8", "9"});
  EXPECT_THAT(slices, ElementsAre(Texts{"1", "2", "3", "4"}, Texts{"5", "6", "7", "8"}, Texts{"9"}));
  EXPECT_EQ(a->texts(), (Texts{"1!", "2!", "3!"}));
  EXPECT_EQ(b->texts(), (Texts{"4!", "5!", "6!", "7!", "8!", "9!"}));
}

TEST_F(BatcherTest, ARequestIsAnsweredAsSoonAsItsLastSliceIsDone) {
  use({.preferred_batch_size = 2, .timeout = 5ms});
  hold = true;
  const auto first = send({"x", "x"});
  const auto a = send({"a"}), b = send({"b", "c", "d"});
  hold = false;
  function = [&](EndpointCall& call) {
    if (call.docs[0].text() == "c") {
      EXPECT_TRUE(a->answered());
      EXPECT_FALSE(b->answered());
    }
  };
  work(*batches.at(0));
  EXPECT_TRUE(b->answered());
  EXPECT_THAT(slices, ElementsAre(Texts{"x", "x"}, Texts{"a", "b"}, Texts{"c", "d"}));
}

TEST_F(BatcherTest, AFunctionMayReplaceTheDocumentsButNotTheirNumber) {
  use({.preferred_batch_size = 2, .timeout = 5ms});
  function = [](EndpointCall& call) { call.docs = DocumentArray{Document{{.text = "new"}}, Document{{.text = "newer"}}}; };
  const auto a = send({"a"}), b = send({"b"});
  EXPECT_EQ(a->texts(), Texts{"new"});
  EXPECT_EQ(b->texts(), Texts{"newer"});
  const auto c = send({"c"});
  time->advance(5ms);
  EXPECT_EQ(c->exception(), "ValueError");
  EXPECT_EQ(c->texts(), Texts{"c"}) << "as they came in";
}

TEST_F(BatcherTest, ResultsAreAnErrorAsInPython) {
  use({.preferred_batch_size = 1, .timeout = 5ms});
  function = [](EndpointCall& call) { call.results = boost::json::object{{"count", 1}}; };
  const auto a = send({"a"});
  EXPECT_EQ(a->exception(), "TypeError");
}

TEST_F(BatcherTest, ASliceThatThrowsFailsTheRequestsWithDocumentsInIt) {
  use({.preferred_batch_size = 2, .timeout = 5ms});
  hold = true;
  const auto first = send({"x", "x"});
  const auto a = send({"a"}), b = send({"b", "bad", "c"}), c = send({"d"}), d = send({"e"});
  hold = false;
  function = [](EndpointCall& call) {
    for (Document& doc : call.docs) {
      if (doc.text() == "bad") throw std::out_of_range("too far");
      doc.set_text(doc.text() + "!");
    }
  };
  work(*batches.at(0));
  EXPECT_THAT(slices, ElementsAre(Texts{"x", "x"}, Texts{"a", "b"}, Texts{"bad", "c"}, Texts{"d", "e"}));
  EXPECT_EQ(a->texts(), Texts{"a!"});
  EXPECT_EQ(b->exception(), "std::out_of_range");
  EXPECT_EQ(b->texts(), (Texts{"b", "bad", "c"})) << "as they came in";
  EXPECT_EQ(c->texts(), Texts{"d!"});
  EXPECT_EQ(d->texts(), Texts{"e!"});
}

TEST_F(BatcherTest, WhatIsLeftOfAFailedRequestIsNotWorkedOn) {
  use({.preferred_batch_size = 2, .timeout = 5ms});
  function = [](EndpointCall&) { throw std::runtime_error("no"); };
  const auto a = send({"1", "2", "3", "4", "5"});
  EXPECT_THAT(slices, ElementsAre(Texts{"1", "2"}));
  EXPECT_EQ(a->exception(), "std::runtime_error");
}

TEST_F(BatcherTest, ARequestThatIsCancelledBeforeItsTurnTakesItsDocumentsOut) {
  use({.preferred_batch_size = 2, .timeout = 5ms});
  hold = true;
  const auto first = send({"x", "x"});
  const auto a = send({"a"}), b = send({"b", "c"}), c = send({"d", "e", "f"});
  hold = false;
  function = [&](EndpointCall& call) {
    if (call.docs[0].text() == "x") return;
    if (call.docs[0].text() == "a") c->context.cancel(CancelReason::kClient);
  };
  b->context.cancel(CancelReason::kClient);
  work(*batches.at(0));
  EXPECT_THAT(slices, ElementsAre(Texts{"x", "x"}, Texts{"a", "d"}));
  EXPECT_EQ(a->texts(), Texts{"a"});
  EXPECT_EQ(b->reply->status.code, StatusCode::kCancelled);
  EXPECT_EQ(c->reply->status.code, StatusCode::kCancelled);
}

TEST_F(BatcherTest, MalformedDocumentsFailAlone) {
  use({.preferred_batch_size = 2, .timeout = 5ms});
  wire::DataRequest broken = request({"b"});
  // A Document whose text is cut off, in a list that counts one Document.
  set_encoded_documents(broken, Buffer::copy_of(std::string("\x0a\x05\x0a\x03\x22\x09x", 7)));
  const auto a = send({"a"}), b = send(std::move(broken));
  EXPECT_THAT(slices, ElementsAre(Texts{"a"}));
  EXPECT_EQ(a->texts(), Texts{"a!"});
  EXPECT_EQ(b->reply->status.code, StatusCode::kInvalidArgument);
}

TEST_F(BatcherTest, MalformedParametersFailAtOnce) {
  use({.preferred_batch_size = 2, .timeout = 5ms});
  wire::DataRequest broken = request({"b"});
  broken.parameters = Bytes::copy_of(std::string_view("\xff"));
  const auto a = send(std::move(broken));
  EXPECT_EQ(a->reply->status.code, StatusCode::kInvalidArgument);
}

TEST_F(BatcherTest, ARequestWithoutDocumentsIsAnsweredAtOnce) {
  use({.preferred_batch_size = 2, .timeout = 5ms});
  const auto a = send(Texts{});
  EXPECT_TRUE(a->texts().empty());
  EXPECT_THAT(batches, IsEmpty());
}

TEST_F(BatcherTest, WhatWaitsIsBounded) {
  use({.preferred_batch_size = 8, .timeout = 5ms}, 2);
  const auto a = send({"a"}), b = send({"b"}, {{"k", 1}}), c = send({"c"});
  ASSERT_TRUE(c->answered());
  EXPECT_EQ(c->reply->status.code, StatusCode::kResourceExhausted);
  EXPECT_THAT(c->reply->status.message, HasSubstr("Executor 'embedder' is behind: 2 requests wait already"));
  time->advance(5ms);
  EXPECT_TRUE(a->answered());
  EXPECT_TRUE(b->answered());
  const auto d = send({"d"});
  EXPECT_FALSE(d->answered()) << "there is room again";
  d->context.cancel(CancelReason::kClient);
  const auto e = send({"e"}), f = send({"f"});
  EXPECT_FALSE(f->answered());
  stop_waiting();
}

TEST_F(BatcherTest, TheFunctionSeesNoClientsContext) {
  use({.preferred_batch_size = 1, .timeout = 5ms});
  function = [](EndpointCall& call) {
    EXPECT_FALSE(call.context.deadline.has_value());
    EXPECT_TRUE(call.docs_matrix.empty());
    EXPECT_TRUE(call.docs_by_source.empty());
  };
  const auto a = send({"a"});
  EXPECT_TRUE(a->answered());
}

}  // namespace
}  // namespace jina
