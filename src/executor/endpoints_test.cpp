#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "jina/executor.hpp"

namespace jina {
namespace {

// Every kind of argument, result, order and qualifier.
class Shapes : public Executor {
 public:
  void setup(Endpoints& on) override {
    on.add("/nothing", &Shapes::nothing)
        .add("/change", &Shapes::change)
        .add("/look", &Shapes::look)
        .add("/copy", &Shapes::copy)
        .add("/replace", &Shapes::replace)
        .add("/results", &Shapes::results)
        .add("/all", &Shapes::all)
        .add("/all_reversed", &Shapes::all_reversed)
        .add("/const", &Shapes::constant)
        .add("/task", &Shapes::task)
        .add("/task_docs", &Shapes::task_docs)
        .add("/task_results", &Shapes::task_results)
        .add({"/one", "/two"}, &Shapes::change)
        .add_default(&Shapes::fallback);
  }
  void nothing() noexcept { called = "nothing"; }
  void change(DocumentArray& docs) { docs.at(0).set_text("changed"); }
  void look(const DocumentArray& docs) { called = docs.at(0).text(); }
  void copy(DocumentArray docs) {
    called = docs.at(0).text();
    docs.clear();
  }
  DocumentArray replace(DocumentArray docs) {
    docs.push_back(Document{{.id = "more"}});
    return docs;
  }
  Results results(const Parameters& parameters) { return {{{"got", parameters.at("k")}}}; }
  void all(DocumentArray& docs, const Parameters& parameters, RequestContext& context, const std::vector<DocumentArray>& matrix,
           const DocumentsBySource& sources) {
    docs.at(0).set_text(std::to_string(parameters.size()) + context.peer + std::to_string(matrix.size()) + sources.begin()->first);
  }
  void all_reversed(const DocumentsBySource& sources, const std::vector<DocumentArray>& matrix, const RequestContext& context,
                    Parameters parameters, DocumentArray& docs) {
    docs.at(0).set_text(std::to_string(parameters.size()) + context.peer + std::to_string(matrix.size()) + sources.begin()->first);
  }
  DocumentArray constant() const { return {}; }
  Task<> task(DocumentArray& docs) {
    co_await boost::asio::post(boost::asio::use_awaitable);
    docs.at(0).set_text("task");
  }
  Task<DocumentArray> task_docs(DocumentArray docs, const Parameters& parameters) {
    co_await boost::asio::post(boost::asio::use_awaitable);
    docs.at(0).set_text(std::string(parameters.at("k").as_string()));
    co_return docs;
  }
  Task<Results> task_results(RequestContext& context) { co_return Results{{{"peer", context.peer}}}; }
  void fallback(DocumentArray& docs) { docs.at(0).set_text("fallback"); }

  std::string called;
};

class EndpointsTest : public testing::Test {
 protected:
  EndpointsTest() {
    executor.setup(on);
    context.peer = "peer";
    call.docs.push_back(Document{{.id = "d", .text = "input"}});
    call.parameters["k"] = "v";
    call.docs_matrix.resize(2);
    call.docs_by_source["a"];
  }

  void run(std::string_view path) {
    const Endpoint* endpoint = on.find(path);
    ASSERT_NE(endpoint, nullptr);
    ASSERT_NE(static_cast<bool>(endpoint->plain), static_cast<bool>(endpoint->coroutine));
    if (endpoint->plain) return endpoint->plain(executor, call);
    boost::asio::io_context io;
    boost::asio::co_spawn(io, endpoint->coroutine(executor, call), boost::asio::detached);
    io.run();
  }

  Shapes executor;
  Endpoints on;
  RequestContext context;
  EndpointCall call{{}, {}, context};
};

TEST_F(EndpointsTest, FunctionWithoutArguments) {
  run("/nothing");
  EXPECT_EQ(executor.called, "nothing");
  EXPECT_EQ(call.docs.at(0).text(), "input");
}

TEST_F(EndpointsTest, DocumentsByReferenceAreChangedInPlace) {
  run("/change");
  EXPECT_EQ(call.docs.at(0).text(), "changed");
}

TEST_F(EndpointsTest, DocumentsByConstReference) {
  run("/look");
  EXPECT_EQ(executor.called, "input");
}

TEST_F(EndpointsTest, DocumentsByValueAreACopy) {
  run("/copy");
  EXPECT_EQ(executor.called, "input");
  EXPECT_EQ(call.docs.size(), 1U);
}

TEST_F(EndpointsTest, ReturnedDocumentsReplaceTheInput) {
  run("/replace");
  ASSERT_EQ(call.docs.size(), 2U);
  EXPECT_EQ(call.docs.at(1).id, "more");
}

TEST_F(EndpointsTest, ReturnedResults) {
  run("/results");
  ASSERT_TRUE(call.results.has_value());
  EXPECT_EQ(call.results->at("got"), "v");
  EXPECT_EQ(call.docs.size(), 1U);
}

TEST_F(EndpointsTest, ArgumentsInAnyOrder) {
  run("/all");
  EXPECT_EQ(call.docs.at(0).text(), "1peer2a");
  call.docs.at(0).set_text("");
  run("/all_reversed");
  EXPECT_EQ(call.docs.at(0).text(), "1peer2a");
}

TEST_F(EndpointsTest, OnlyThoseThatAskForItGetTheMatrix) {
  EXPECT_TRUE(on.find("/all")->wants_matrix);
  EXPECT_TRUE(on.find("/all")->wants_sources);
  EXPECT_FALSE(on.find("/change")->wants_matrix);
  EXPECT_FALSE(on.find("/change")->wants_sources);
}

TEST_F(EndpointsTest, ConstMemberFunction) {
  run("/const");
  EXPECT_TRUE(call.docs.empty());
}

TEST_F(EndpointsTest, Coroutines) {
  run("/task");
  EXPECT_EQ(call.docs.at(0).text(), "task");
  run("/task_docs");
  EXPECT_EQ(call.docs.at(0).text(), "v");
  run("/task_results");
  ASSERT_TRUE(call.results.has_value());
  EXPECT_EQ(call.results->at("peer"), "peer");
}

TEST_F(EndpointsTest, SeveralPathsShareAFunction) {
  run("/two");
  EXPECT_EQ(call.docs.at(0).text(), "changed");
}

TEST_F(EndpointsTest, DefaultServesWhatIsNotNamed) {
  run("/unheard-of");
  EXPECT_EQ(call.docs.at(0).text(), "fallback");
  EXPECT_EQ(on.find_exact("/unheard-of"), nullptr);
}

TEST_F(EndpointsTest, PathsKeepTheirOrder) {
  EXPECT_EQ(on.paths().front(), "/nothing");
  EXPECT_EQ(on.paths().back(), "/default");
}

TEST(Endpoints, WithoutDefaultNothingElseIsBound) {
  Endpoints on;
  on.add("/a", &Shapes::nothing);
  EXPECT_EQ(on.find("/b"), nullptr);
}

TEST(Endpoints, RefusesWhatIsBoundTwice) {
  Endpoints on;
  on.add("/a", &Shapes::nothing);
  try {
    on.add("/a", &Shapes::change);
    FAIL() << "bound twice";
  } catch (const std::invalid_argument& error) {
    EXPECT_STREQ(error.what(), "endpoint '/a' is bound twice");
  }
  EXPECT_THROW(on.add("", &Shapes::change), std::invalid_argument);
}

}  // namespace
}  // namespace jina
