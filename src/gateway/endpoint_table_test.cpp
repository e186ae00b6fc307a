#include "gateway/endpoint_table.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "document/struct_codec.hpp"
#include "wire/pb_writer.hpp"

namespace jina::gateway {
namespace {

using namespace std::chrono_literals;

class EndpointTableTest : public testing::Test {
 protected:
  // An EndpointsProto; names with a star stream.
  static Buffer described(const std::vector<std::string>& names, const char* documents = "PydanticDocument") {
    boost::json::object schemas;
    std::string message;
    wire::PbWriter writer(message);
    for (std::string name : names) {
      const bool streams = name.back() == '*';
      if (streams) name.pop_back();
      writer.bytes(1, name);
      schemas[name] = {{"is_generator", streams}, {"input", {{"name", documents}}}};
    }
    writer.bytes(3, encode_struct(schemas));
    return Buffer::take(std::move(message));
  }

  EndpointTable make(std::vector<std::string> deployments) {
    return {io, std::move(deployments),
            [this](RequestContext& context, const std::string& name, UniqueFunction<void(Result<Buffer>)> done) {
              asked.push_back(name);
              EXPECT_FALSE(context.deadline) << "a call that is late makes its replica suspect";
              if (held || hanging.contains(name)) return hold(context, name, std::move(done));
              const auto found = executors.find(name);
              if (found == executors.end()) return done(Status{StatusCode::kUnavailable, name + " is down"});
              done(found->second);
            },
            clock, 20ms};
  }
  void hold(RequestContext& context, const std::string& name, UniqueFunction<void(Result<Buffer>)> done) {
    waiting[name] = std::move(done);
    cancelled[name] = context.on_cancel([this, name](CancelReason) { answer(name, Status{StatusCode::kCancelled, "cancelled"}); });
  }
  // The context goes with the answer.
  void answer(const std::string& name, const Result<Buffer>& with) {
    auto answered = std::move(waiting.at(name));
    waiting.erase(name);
    cancelled[name].reset();
    answered(with);
  }
  /// Until the table has given up on those that hang.
  void run_until_nobody_is_asked() {
    const auto limit = std::chrono::steady_clock::now() + 10s;
    while (!waiting.empty() && std::chrono::steady_clock::now() < limit) {
      io.restart();
      io.run_one_for(10ms);
    }
    ASSERT_TRUE(waiting.empty());
  }

  // "deployment name", with a star when it streams; "none"; "? why".
  static std::string find(EndpointTable& table, std::string_view endpoint) { return *find_later(table, endpoint); }
  // The same, as far as it is known by then.
  static std::shared_ptr<std::string> find_later(EndpointTable& table, std::string_view endpoint) {
    const auto text = std::make_shared<std::string>("(no answer)");
    table.find(endpoint, [text](EndpointTable::Answer answer) {
      if (answer.endpoint)
        *text = answer.endpoint->deployment + " " + answer.endpoint->name + (answer.endpoint->streams ? "*" : "");
      else
        *text = answer.unreachable.ok() ? "none" : "? " + answer.unreachable.message;
    });
    return text;
  }
  static std::string streaming(EndpointTable& table) {
    std::string text;
    table.streaming([&text](const std::vector<KnownEndpoint>& all) {
      for (const KnownEndpoint& one : all) text += one.deployment + one.name + " ";
    });
    return text;
  }

  boost::asio::io_context io{1};
  ManualClock clock;
  std::map<std::string, Buffer> executors;
  std::vector<std::string> asked;
  bool held = false;
  std::set<std::string> hanging;
  std::map<std::string, UniqueFunction<void(Result<Buffer>)>> waiting;
  std::map<std::string, RequestContext::Registration> cancelled;
};

TEST_F(EndpointTableTest, TheFirstThatStreamsItIsMeant) {
  executors["a"] = described({"/words", "/upper", "_jina_dry_run_"});
  executors["b"] = described({"words/*", "/upper"});
  executors["c"] = described({"/words*"});
  EndpointTable table = make({"a", "b", "c"});
  EXPECT_EQ(find(table, "/words"), "b words/*");
  EXPECT_EQ(find(table, "upper"), "a /upper");
  EXPECT_EQ(find(table, "/nowhere"), "none");
  EXPECT_EQ(find(table, "/_jina_dry_run_"), "none");
}

TEST_F(EndpointTableTest, WhatWasSaidCountsForASecond) {
  executors["a"] = described({"/words*"});
  EndpointTable table = make({"a"});
  EXPECT_EQ(find(table, "/words"), "a /words*");
  EXPECT_EQ(find(table, "/words"), "a /words*");
  EXPECT_EQ(find(table, "/more"), "none");
  EXPECT_EQ(asked.size(), 1U);
  executors["a"] = described({"/more*"});
  clock.advance(1s);
  EXPECT_EQ(find(table, "/more"), "a /more*");
  EXPECT_EQ(find(table, "/words"), "none");
}

TEST_F(EndpointTableTest, AnExecutorThatIsDownIsNamedAndTriedAgain) {
  executors["b"] = described({"/words*", "/upper"});
  EndpointTable table = make({"a", "b"});
  EXPECT_EQ(find(table, "/words"), "b /words*");
  EXPECT_EQ(find(table, "/upper"), "b /upper") << "who has it is known";
  EXPECT_EQ(find(table, "/nowhere"), "? a is down");
  executors["a"] = described({"/nowhere*"});
  clock.advance(250ms);
  EXPECT_EQ(find(table, "/nowhere"), "a /nowhere*");
  executors.erase("a");
  clock.advance(1h);
  EXPECT_EQ(find(table, "/nowhere"), "a /nowhere*") << "as it was said last";
  EXPECT_EQ(streaming(table), "a/nowhere b/words ");
}

TEST_F(EndpointTableTest, QuestionsOnTheirWayAreShared) {
  held = true;
  EndpointTable table = make({"a"});
  int answers = 0;
  for (int i = 0; i < 3; ++i)
    table.find("/words", [&answers](const EndpointTable::Answer& answer) { answers += answer.endpoint ? 1 : 0; });
  ASSERT_EQ(asked.size(), 1U);
  answer("a", described({"/words*"}));
  EXPECT_EQ(answers, 3);
}

TEST_F(EndpointTableTest, WhatIsStaleIsAnsweredWhileItIsAskedForAgain) {
  executors["a"] = described({"/words*"});
  EndpointTable table = make({"a"});
  find(table, "/words");
  held = true;
  clock.advance(1s);
  EXPECT_EQ(find(table, "/words"), "a /words*");
  EXPECT_EQ(find(table, "/more"), "none");
  EXPECT_EQ(streaming(table), "a/words ");
  EXPECT_EQ(asked.size(), 2U) << "once more, for all of them";
  answer("a", described({"/more*"}));
  EXPECT_EQ(find(table, "/more"), "a /more*");
}

TEST_F(EndpointTableTest, OneThatHangsIsNotWaitedForWhenAnotherOneStreamsIt) {
  executors["c"] = described({"/words*"});
  hanging = {"a", "b"};
  EndpointTable table = make({"a", "b", "c"});
  EXPECT_EQ(find(table, "/words"), "c /words*");
  const auto nowhere = find_later(table, "/nowhere");
  EXPECT_EQ(asked, (std::vector<std::string>{"a", "b", "c"})) << "at the same time";
  EXPECT_EQ(*nowhere, "(no answer)");
  answer("b", described({"/nowhere*"}));
  EXPECT_EQ(*nowhere, "b /nowhere*") << "a still hangs";
  run_until_nobody_is_asked();
}

TEST_F(EndpointTableTest, OneThatHungIsLeftAloneForAWhile) {
  hanging = {"a"};
  EndpointTable table = make({"a"});
  const auto first = find_later(table, "/words");
  run_until_nobody_is_asked();
  EXPECT_EQ(*first, "? Executor 'a' did not say in time which endpoints it has");
  hanging.clear();
  executors["a"] = described({"/words*"});
  clock.advance(4s);
  EXPECT_EQ(find(table, "/words"), *first) << "at once";
  clock.advance(1s);
  EXPECT_EQ(find(table, "/words"), "a /words*");
}

TEST_F(EndpointTableTest, ClosingEndsWhatIsAskedAndWhatWaits) {
  hanging = {"a", "b"};
  EndpointTable table = make({"a", "b"});
  const auto waits = find_later(table, "/words");
  bool listed = false;
  table.streaming([&listed](const auto&) { listed = true; });
  table.close();
  EXPECT_EQ(*waits, "? the gateway stops");
  EXPECT_TRUE(listed);
  EXPECT_TRUE(waiting.empty()) << "cancelled";
  EXPECT_EQ(find(table, "/words"), "? the gateway stops");
  EXPECT_EQ(asked.size(), 2U) << "nobody is asked any more";
  io.run();
}

TEST_F(EndpointTableTest, AnAnswerAfterTheTableIsGoneIsHarmless) {
  hanging = {"a"};
  bool called = false;
  {
    EndpointTable table = make({"a"});
    table.find("/words", [&called](const auto&) { called = true; });
  }
  answer("a", described({"/words*"}));
  EXPECT_FALSE(called);
  io.run();
}

TEST_F(EndpointTableTest, WhatIsForgottenIsAskedForAgain) {
  executors["a"] = described({"/words*"});
  EndpointTable table = make({"a"});
  find(table, "/words");
  executors["a"] = described({"/words"});
  table.forget("a");
  EXPECT_EQ(find(table, "/words"), "a /words");
}

TEST_F(EndpointTableTest, DocumentsOfAnotherKindAreTold) {
  executors["a"] = described({"/words*"}, "TextDoc");
  EndpointTable table = make({"a"});
  std::string documents;
  table.find("/words", [&documents](const EndpointTable::Answer& answer) { documents = answer.endpoint->foreign_documents; });
  EXPECT_EQ(documents, "TextDoc");
}

TEST_F(EndpointTableTest, NoDiscoveryIsNothingThatStreamsAndNonsenseIsAFailure) {
  EndpointTable table(io, {"a", "b"}, [](RequestContext&, const std::string& name, UniqueFunction<void(Result<Buffer>)> done) {
    if (name == "a") return done(Status{StatusCode::kUnimplemented, "Method not found!"});
    done(Buffer::copy_of("\x0a\xff"));
  });
  EXPECT_EQ(find(table, "/words"), "? it answered endpoint_discovery with something else");
}

}  // namespace
}  // namespace jina::gateway
