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

// ---- one Document, options, names

class Single : public Executor {
 public:
  void setup(Endpoints& on) override {
    on.add("/mark", &Single::mark)
        .add("/made", &Single::made, {.batching = DynamicBatching{.preferred_batch_size = 32}, .name = "make"})
        .add("/waits", &Single::waits)
        .add("/trace", &Single::trace, {.concurrent = true})
        .add({"/a", "/b"}, &Single::mark, {.name = "both"})
        .add("/stream", &Single::stream)
        .function("spare", &Single::made);
  }
  void mark(Document& doc) { doc.set_text(doc.text() + "!"); }
  Document made(const Document& doc, const Parameters& parameters) {
    return Document{{.id = "made", .text = doc.text() + std::to_string(parameters.size())}};
  }
  Task<Document> waits(Document doc) {
    co_await boost::asio::post(boost::asio::use_awaitable);
    doc.set_text(doc.text() + "?");
    co_return doc;
  }
  Results trace(const TraceContext& trace) { return {{{"trace", trace.traceparent()}}}; }
  Generator<Document> stream(const Document& doc, const Parameters&) {
    co_yield doc;
    co_yield doc;
  }
};

class SingleTest : public testing::Test {
 protected:
  SingleTest() {
    executor.setup(on);
    call.docs = {Document{{.id = "1", .text = "x"}}, Document{{.id = "2", .text = "y"}}};
    call.parameters["k"] = "v";
  }
  std::vector<std::string> texts() const {
    std::vector<std::string> texts;
    for (const Document& doc : call.docs) texts.push_back(doc.text());
    return texts;
  }
  using Texts = std::vector<std::string>;

  Single executor;
  Endpoints on;
  RequestContext context;
  EndpointCall call{{}, {}, context};
};

TEST_F(SingleTest, AFunctionForOneDocumentIsCalledForEach) {
  on.find("/mark")->plain(executor, call);
  EXPECT_EQ(texts(), (Texts{"x!", "y!"}));
  on.find("/made")->plain(executor, call);
  EXPECT_EQ(texts(), (Texts{"x!1", "y!1"}));
  boost::asio::io_context io;
  boost::asio::co_spawn(io, on.find("/waits")->coroutine(executor, call), boost::asio::detached);
  io.run();
  EXPECT_EQ(texts(), (Texts{"x!1?", "y!1?"}));
}

TEST_F(SingleTest, TheTraceContextIsThatOfTheRequest) {
  context.trace = TraceContext::parse("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
  on.find("/trace")->plain(executor, call);
  EXPECT_EQ(call.results->at("trace").as_string(), context.trace.traceparent());
}

TEST_F(SingleTest, RowsSayWhatTheirFunctionsDo) {
  EXPECT_TRUE(on.find("/stream")->generator);
  EXPECT_FALSE(on.find("/stream")->plain || on.find("/stream")->coroutine);
  EXPECT_TRUE(on.find("/mark")->changes_docs && on.find("/made")->changes_docs && on.find("/waits")->changes_docs);
  EXPECT_FALSE(on.find("/trace")->wants_docs || on.find("/trace")->changes_docs);
  EXPECT_TRUE(on.find("/trace")->options.concurrent);
  EXPECT_EQ(on.find("/made")->options.batching, (DynamicBatching{32, std::chrono::milliseconds(10'000)}));
  EXPECT_EQ(DynamicBatching{}.preferred_batch_size, 4);
}

TEST_F(SingleTest, RequestsBindFunctionsByName) {
  ASSERT_TRUE(on.bind({{"/new", "spare"}, {"/moved", "both"}, {"/renamed", "make"}}).ok());
  EXPECT_NE(on.find("/new"), nullptr);
  EXPECT_NE(on.find("/moved"), nullptr);
  EXPECT_NE(on.find("/a"), nullptr) << "only the last path of a function is taken from it, as in Jina";
  EXPECT_EQ(on.find("/b"), nullptr);
  EXPECT_EQ(on.find("/made"), nullptr);
  EXPECT_EQ(on.find("/renamed")->options.batching->preferred_batch_size, 32);
  EXPECT_EQ(on.paths(), (Texts{"/mark", "/waits", "/trace", "/a", "/stream", "/new", "/moved", "/renamed"}));
}

TEST_F(SingleTest, AFunctionThatIsNotThereIsSuggested) {
  const Status status = on.bind({{"/new", "sparre"}});
  EXPECT_EQ(status.code, StatusCode::kInvalidArgument);
  EXPECT_EQ(
      status.message,
      "requests: '/new': the Executor has no function 'sparre'; did you mean 'spare'? It has both, make, mark, spare, stream, "
      "trace, waits");
  EXPECT_EQ(on.bind({{"/new", 3}}).message, "requests: '/new' is 3, expected the name of a function");
}

TEST_F(SingleTest, DynamicBatchingByFunctionAndByEndpoint) {
  using std::chrono::milliseconds;
  ASSERT_TRUE(on.batch({{"/a", {{"timeout", 7}}}, {"both", {{"preferred_batch_size", 2}, {"timeout", 0.5}}}}).ok());
  EXPECT_EQ(on.find("/a")->options.batching, (DynamicBatching{4, milliseconds(7)})) << "an endpoint wins over its function";
  EXPECT_EQ(on.find("/b")->options.batching, (DynamicBatching{2, milliseconds(1)}));
}

TEST_F(SingleTest, DynamicBatchingThatIsWrongIsExplained) {
  EXPECT_EQ(on.batch({{"/markk", boost::json::object()}}).message.substr(0, 78),
            "dynamic_batching: the Executor has no endpoint '/markk'; did you mean '/mark'?");
  EXPECT_EQ(on.batch({{"/mark", {{"preferred_batch_size", 0}}}}).message,
            "dynamic_batching of '/mark': preferred_batch_size is 0, expected a whole number, 1 or more");
  EXPECT_EQ(on.batch({{"mark", {{"timeout", "1s"}}}}).message,
            "dynamic_batching of 'mark': timeout is \"1s\", expected milliseconds, 0 or more");
  EXPECT_EQ(on.batch({{"mark", {{"timeuot", 1}}}}).message,
            "dynamic_batching of 'mark': unknown key 'timeuot'; did you mean 'timeout'?");
  EXPECT_EQ(on.batch({{"mark", 5}}).message, "dynamic_batching of 'mark' is 5, expected {preferred_batch_size: 4, timeout: 100}");
  EXPECT_EQ(on.batch({{"/stream", boost::json::object()}}).message,
            "dynamic_batching: '/stream' streams its answer, which has no batches");
}

TEST(Endpoints, FunctionsHaveOneNameEach) {
  Endpoints on;
  on.function("f", &Shapes::nothing);
  EXPECT_THROW(on.function("f", &Shapes::change), std::invalid_argument);
  EXPECT_THROW(on.add("/g", &Shapes::change, {.name = "f"}), std::invalid_argument);
}

}  // namespace
}  // namespace jina
