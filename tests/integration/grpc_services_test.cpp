// gRPC methods of the user's own: registered as a gateway does it, called over a real socket.
#include "base/io_test_kit.hpp"
#include "jina/grpc_service.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <sstream>

#include "gateway/grpc/user_services.hpp"
#include "jina.pb.h"
#include "jina/gateway.hpp"
#include "protocol/grpc/channel.hpp"
#include "protocol/grpc/health.hpp"
#include "protocol/server/server.hpp"

namespace jina {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Pair;

// A message that is not protobuf's.
struct Word {
  std::string text;
  bool ParseFromString(const std::string& in) {
    text = in;
    return in != "bad";
  }
  bool SerializeToString(std::string* out) const {
    *out = text;
    return true;
  }
};

struct Greeter {
  std::string greeting = "Hello ";
  Word greet(const Word& who) const { return {greeting + who.text}; }
};

struct Mixin {
  Word mixed_in(Word word) { return {"mixed " + word.text}; }
};

class MyGateway : public Gateway, public Mixin {
 public:
  Task<void> setup_server() override { co_return; }
  Task<void> run_server() override { co_return; }
  Task<void> shutdown() override { co_return; }

  // With protobuf, and everything that a handler may take.
  Task<RouteProto> hello(GrpcReply& reply, RouteProto request, RequestContext& context) {
    const std::string* metadata = find_value(context.metadata, "x-test");
    reply.send_initial_metadata({{"first", metadata == nullptr ? "none" : *metadata}});
    reply.add_trailing_metadata("last-bin", std::string("\0\xff", 2));
    had_deadline = context.deadline.has_value();
    request.set_executor("hello " + request.executor());
    co_return request;
  }
  Task<void> count(Word upto, GrpcWriter<Word>& out) {
    for (int i = 1; i <= std::stoi(upto.text); ++i) {
      const Word number{std::to_string(i)};
      co_await out.write(number);
    }
  }
  Task<Word> sum(GrpcReader<Word>& in) {
    int sum = 0;
    while (const auto word = co_await in.read()) sum += std::stoi(word->text);
    co_return Word{std::to_string(sum)};
  }
  Task<void> chat(GrpcReader<Word>& in, GrpcWriter<Word>& out) {
    while (auto word = co_await in.read()) {
      word->text += "!";
      co_await out.write(*word);
    }
    throw GrpcError({StatusCode::kOutOfRange, "no more"}, {{"why", "said all"}});
  }
  Task<Word> broken(Word word) {
    if (word.text == "status") throw GrpcError(StatusCode::kNotFound, "no such thing");
    if (word.text == "executor") throw RequestFailed({StatusCode::kUnavailable, "nobody at home"});
    if (word.text == "ok") throw GrpcError(Status{});
    if (word.text == "number") throw 7;
    throw std::out_of_range("secret");
    co_return word;
  }
  Task<Word> sleep(Word word) {
    const Counted counted(*this);
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, 1h);
    co_await timer.async_wait(boost::asio::use_awaitable);
    co_return word;
  }
  Task<Word> read_for_ever(GrpcReader<Word>& in) {
    const Counted counted(*this);
    while (co_await in.read()) {
    }
    took_the_end = true;
    co_return Word{};
  }
  Task<void> write_for_ever(Word, GrpcWriter<Bytes>& out) {
    const Counted counted(*this);
    const Bytes much = Bytes::copy_of(std::string(64 * 1024, 'x'));
    for (;; ++written) co_await out.write(much);
  }

  // Reads and writes at the same time.
  Task<void> duplex(GrpcReader<Word>& in, GrpcWriter<Bytes>& out) {
    using namespace boost::asio::experimental::awaitable_operators;
    const Counted counted(*this);
    Task<void> both = read_words(in) && write_much(out);
    co_await std::move(both);
  }
  Task<void> read_words(GrpcReader<Word>& in) {
    while (const auto word = co_await in.read()) words += word->text;
  }
  Task<void> write_much(GrpcWriter<Bytes>& out) {
    const Bytes much = Bytes::copy_of(std::string(64 * 1024, 'x'));
    for (; written < 200; ++written) co_await out.write(much);
  }
  Task<Word> odd_metadata(GrpcReply& reply, Word word) {
    reply.send_initial_metadata({{"x-one", "1"}, {"x-two", "a\r\nx-three: b"}});
    reply.add_trailing_metadata("grpc-status", "5");
    reply.add_trailing_metadata(":status", "404");
    reply.add_trailing_metadata("a name", "x");
    reply.add_trailing_metadata("x-last", "2");
    co_return word;
  }

  struct Counted {
    explicit Counted(MyGateway& in) : gateway(in) { ++gateway.inside; }
    ~Counted() { --gateway.inside; }
    MyGateway& gateway;
  };
  bool had_deadline = false;
  bool took_the_end = false;
  int inside = 0;
  int written = 0;
  std::string words;
};

Bytes echo(Bytes bytes) { return bytes; }

class GrpcServicesTest : public ::testing::Test {
 protected:
  void SetUp() override {
    GrpcServices on(&gateway);
    on.unary("/t.Own/Hello", &MyGateway::hello)
        .server_stream("/t.Own/Count", &MyGateway::count)
        .client_stream("/t.Own/Sum", &MyGateway::sum)
        .bidi("/t.Own/Chat", &MyGateway::chat)
        .unary("/t.Own/Broken", &MyGateway::broken)
        .unary("/t.Own/Sleep", &MyGateway::sleep)
        .client_stream("/t.Own/ReadForEver", &MyGateway::read_for_ever)
        .server_stream("/t.Own/WriteForEver", &MyGateway::write_for_ever)
        .bidi("/t.Own/Duplex", &MyGateway::duplex)
        .unary("/t.Own/OddMetadata", &MyGateway::odd_metadata)
        .unary("/t.Own/MixedIn", &MyGateway::mixed_in)
        .unary("/t.Other/Greet", &Greeter::greet, greeter)
        .unary("/t.Other/GreetByPointer", &Greeter::greet, &greeter)
        .unary("/t.Other/GreetShared", &Greeter::greet, std::make_shared<Greeter>(Greeter{"Shared "}))
        .unary("/t.Other/Echo", &echo)
        .unary("/t.Other/Lambda",
               [](Word word, const RequestContext& context) { return Word{word.text + context.peer.substr(0, 3)}; });
    services = std::make_unique<gateway::UserServices>(std::move(on));
    services->add_to(table);
    server = std::make_unique<protocol::Server>(io, protocol::ServerOptions{.host = "127.0.0.1"}, &table, nullptr);
    channel = std::make_unique<grpc::Channel>(io, "127.0.0.1:" + std::to_string(server->listen().value()));
    previous_log = spdlog::default_logger();
    spdlog::set_default_logger(std::make_shared<spdlog::logger>("", std::make_shared<spdlog::sinks::ostream_sink_st>(log)));
  }
  void TearDown() override {
    spdlog::set_default_logger(previous_log);
    bool idle = false;
    channel->close();
    server->stop(0ms, [&] { services->when_idle([&] { idle = true; }); });
    run_until(io, [&] { return idle; });
    channel.reset();
    server.reset();
    EXPECT_EQ(gateway.inside, 0) << "a handler has not ended";
  }

  grpc::UnaryReply call(std::string path, std::string message, grpc::CallOptions options = {}) {
    std::optional<grpc::UnaryReply> reply;
    channel->unary(path, Buffer::take(std::move(message)), std::move(options),
                   [&](grpc::UnaryReply got) { reply = std::move(got); });
    run_until(io, [&] { return reply.has_value(); });
    return reply ? std::move(*reply) : grpc::UnaryReply{};
  }

  /// All answers to the given messages.
  std::vector<std::string> stream(std::string path, const std::vector<std::string>& messages, Status& status) {
    const auto call = channel->open(path, {});
    for (const std::string& message : messages) call->write(Buffer::copy_of(message));
    call->writes_done();
    std::vector<std::string> answers;
    bool over = false;
    std::function<void()> read = [&] {
      call->read([&](std::optional<Buffer> message) {
        if (!message) return void(over = true);
        answers.push_back(message->str());
        read();
      });
    };
    read();
    run_until(io, [&] { return over; });
    status = call->status();
    trailing = call->trailing();
    return answers;
  }

  boost::asio::io_context io{1};
  MyGateway gateway;
  Greeter greeter;
  std::unique_ptr<gateway::UserServices> services;
  grpc::ServiceTable table;
  std::unique_ptr<protocol::Server> server;
  std::unique_ptr<grpc::Channel> channel;
  Metadata trailing;
  std::ostringstream log;
  std::shared_ptr<spdlog::logger> previous_log;
};

TEST_F(GrpcServicesTest, AProtobufMessageAndMetadataBothWays) {
  RouteProto route;
  route.set_executor("you");
  grpc::CallOptions options;
  options.metadata = {{"x-test", "seen"}};
  options.deadline = std::chrono::steady_clock::now() + 10s;
  const grpc::UnaryReply reply = call("/t.Own/Hello", route.SerializeAsString(), std::move(options));
  EXPECT_EQ(reply.status, Status{});
  ASSERT_TRUE(route.ParseFromString(reply.message.str()));
  EXPECT_EQ(route.executor(), "hello you");
  EXPECT_EQ(*find_value(reply.initial, "first"), "seen");
  EXPECT_EQ(*find_value(reply.trailing, "last-bin"), std::string("\0\xff", 2));
  EXPECT_TRUE(gateway.had_deadline);
}

TEST_F(GrpcServicesTest, MembersOfOthersFunctionsAndFunctionObjects) {
  EXPECT_EQ(call("/t.Other/Greet", "you").message.str(), "Hello you");
  EXPECT_EQ(call("/t.Other/GreetByPointer", "you").message.str(), "Hello you");
  EXPECT_EQ(call("/t.Other/GreetShared", "you").message.str(), "Shared you");
  EXPECT_EQ(call("/t.Other/Echo", std::string("\0\1", 2)).message.str(), std::string("\0\1", 2));
  EXPECT_EQ(call("/t.Other/Lambda", "from ").message.str(), "from 127");
  EXPECT_EQ(call("/t.Own/MixedIn", "in").message.str(), "mixed in");
}

TEST_F(GrpcServicesTest, StreamsInEitherDirection) {
  Status status;
  EXPECT_THAT(stream("/t.Own/Count", {"3"}, status), ElementsAre("1", "2", "3"));
  EXPECT_EQ(status, Status{});
  EXPECT_THAT(stream("/t.Own/Sum", {"1", "20", "300"}, status), ElementsAre("321"));
  EXPECT_EQ(status, Status{});
  EXPECT_THAT(stream("/t.Own/Chat", {"a", "b"}, status), ElementsAre("a!", "b!"));
  EXPECT_EQ(status, (Status{StatusCode::kOutOfRange, "no more"}));
  EXPECT_EQ(*find_value(trailing, "why"), "said all");
  EXPECT_THAT(stream("/t.Own/Sum", {}, status), ElementsAre("0"));
}

TEST_F(GrpcServicesTest, AMalformedMessageNamesTheTypeAndDoesNotReachTheHandler) {
  EXPECT_EQ(call("/t.Own/Hello", "\xff").status,
            (Status{StatusCode::kInvalidArgument, "the request is no jina.RouteProto (1 bytes)"}));
  const Status plain = call("/t.Other/Greet", "bad").status;
  EXPECT_EQ(plain.code, StatusCode::kInvalidArgument);
  EXPECT_THAT(plain.message, HasSubstr("Word (3 bytes)"));
  Status streamed;
  EXPECT_THAT(stream("/t.Own/Sum", {"1", "bad"}, streamed), ElementsAre());
  EXPECT_EQ(streamed.code, StatusCode::kInvalidArgument);
}

TEST_F(GrpcServicesTest, WhatAHandlerThrows) {
  EXPECT_EQ(call("/t.Own/Broken", "status").status, (Status{StatusCode::kNotFound, "no such thing"}));
  EXPECT_EQ(call("/t.Own/Broken", "executor").status, (Status{StatusCode::kUnavailable, "nobody at home"}));
  EXPECT_EQ(call("/t.Own/Broken", "ok").status.code, StatusCode::kInternal);
  EXPECT_EQ(log.str(), "");
  EXPECT_EQ(call("/t.Own/Broken", "number").status.code, StatusCode::kInternal);

  log.str("");
  const Status hidden = call("/t.Own/Broken", "else").status;
  EXPECT_EQ(hidden.code, StatusCode::kInternal);
  EXPECT_THAT(hidden.message, Not(HasSubstr("secret")));
  ASSERT_TRUE(hidden.message.starts_with("internal error ")) << hidden.message;
  const std::string id = hidden.message.substr(15, 32);
  EXPECT_THAT(log.str(), HasSubstr("/t.Own/Broken: error " + id + ": std::out_of_range: secret"));
}

TEST_F(GrpcServicesTest, ADeadlineEndsWhatTheHandlerAwaits) {
  grpc::CallOptions options;
  options.deadline = std::chrono::steady_clock::now() + 50ms;
  EXPECT_EQ(call("/t.Own/Sleep", "", std::move(options)).status.code, StatusCode::kDeadlineExceeded);
  run_until(io, [&] { return services->running() == 0; });
  EXPECT_EQ(gateway.inside, 0);
  EXPECT_EQ(log.str(), "");
}

TEST_F(GrpcServicesTest, AClientThatGoesAwayIsNotTakenForTheEndOfItsMessages) {
  const auto reading = channel->open("/t.Own/ReadForEver", {});
  reading->write(Buffer::copy_of("1"));
  run_until(io, [&] { return gateway.inside == 1; });
  reading->cancel();
  run_until(io, [&] { return services->running() == 0; });
  EXPECT_FALSE(gateway.took_the_end);
  EXPECT_EQ(log.str(), "");
}

TEST_F(GrpcServicesTest, AWriterWaitsForASlowClientAndEndsWithIt) {
  const auto call = channel->open("/t.Own/WriteForEver", {});
  call->write(Buffer::copy_of(""));
  call->writes_done();
  run_until(io, [&] { return gateway.written > 0; });
  for (int i = 0; i < 20; ++i) {
    io.restart();
    io.run_for(10ms);
  }
  EXPECT_LT(gateway.written, 200) << "it does not wait";
  call->cancel();
  run_until(io, [&] { return services->running() == 0; });
  EXPECT_EQ(gateway.inside, 0);
}

TEST_F(GrpcServicesTest, AHandlerReadsWhileItsWriterWaits) {
  const auto call = channel->open("/t.Own/Duplex", {});
  call->write(Buffer::copy_of("a"));
  // The client takes no answers: the writer comes to wait, and so does the reader.
  int before = -1;
  run_until(io, [&] {
    io.restart();
    io.run_for(20ms);
    return gateway.words == "a" && gateway.written > 0 && std::exchange(before, gateway.written) == gateway.written;
  });
  EXPECT_LT(gateway.written, 200);
  call->write(Buffer::copy_of("b"));
  run_until(io, [&] { return gateway.words == "ab"; });
  call->writes_done();
  std::size_t answers = 0;
  bool over = false;
  std::function<void()> read = [&] {
    call->read([&](std::optional<Buffer> message) {
      if (!message) return void(over = true);
      ++answers;
      read();
    });
  };
  read();
  run_until(io, [&] { return over; });
  EXPECT_EQ(answers, 200u);
  EXPECT_EQ(call->status(), Status{});
}

TEST_F(GrpcServicesTest, MetadataThatCanNotBeSentIsLeftOut) {
  const grpc::UnaryReply reply = call("/t.Own/OddMetadata", "x");
  EXPECT_EQ(reply.status, Status{});
  EXPECT_THAT(reply.initial, ElementsAre(Pair("x-one", "1")));
  EXPECT_THAT(reply.trailing, ElementsAre(Pair("x-last", "2")));
  EXPECT_THAT(log.str(), HasSubstr("/t.Own/OddMetadata: metadata 'x-two' left out"));
}

TEST_F(GrpcServicesTest, StoppingTheServerEndsHandlers) {
  const auto call = channel->open("/t.Own/ReadForEver", {});
  call->write(Buffer::copy_of("1"));
  run_until(io, [&] { return gateway.inside == 1; });  // TearDown stops the server, and sees that it ends
}

TEST(GrpcServices, NamesAndMistakes) {
  Greeter greeter;
  GrpcServices on;
  on.unary("/a.B/C", &echo).unary("/a.B/D", &echo).unary("/E/F", &echo);
  EXPECT_THAT(on.service_names(), ElementsAre("a.B", "E"));
  const auto message = [](auto function) -> std::string {
    try {
      function();
    } catch (const std::invalid_argument& error) {
      return error.what();
    }
    return "nothing was thrown";
  };
  EXPECT_THAT(message([&] { on.unary("/a.B/C", &echo); }), HasSubstr("/a.B/C is there already"));
  for (const char* path : {"", "/", "a.B/C", "/a.B", "/a.B/", "//C", "/a.B/C/D", "/a.B/ C"})
    EXPECT_THAT(message([&] { on.unary(path, &echo); }), HasSubstr("is no gRPC path")) << path;
  EXPECT_THAT(message([&] { on.unary("/a.B/E", &MyGateway::broken); }), HasSubstr("name its object behind it"));
  MyGateway gateway;
  GrpcServices of_gateway(&gateway);
  EXPECT_THAT(message([&] { of_gateway.unary("/a.B/E", &Greeter::greet); }), HasSubstr("name its object behind it"));

  GrpcServices jinas;
  jinas.unary("/jina.JinaInfoRPC/_status", &echo);
  gateway::UserServices services(std::move(jinas));
  grpc::ServiceTable table;
  table.add_unary("/jina.JinaInfoRPC/_status", {});
  EXPECT_THAT(message([&] { services.add_to(table); }), HasSubstr("serves /jina.JinaInfoRPC/_status already"));
}

}  // namespace
}  // namespace jina
