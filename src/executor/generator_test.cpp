#include "jina/generator.hpp"

#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/system/system_error.hpp>
#include <string>
#include <vector>

namespace jina {
namespace {

namespace asio = boost::asio;

// Says when it is destroyed.
struct Mark {
  explicit Mark(int& to) : count(to) {}
  ~Mark() { ++count; }
  Mark(const Mark&) = delete;
  Mark& operator=(const Mark&) = delete;
  int& count;
};

Task<int> later(int value) {
  co_await asio::post(asio::use_awaitable);
  co_return value;
}
Task<> fail_later() {
  co_await asio::post(asio::use_awaitable);
  throw std::runtime_error("later");
}
Task<> for_ever() {
  asio::steady_timer timer(co_await asio::this_coro::executor, asio::steady_timer::time_point::max());
  co_await timer.async_wait(asio::use_awaitable);
}

Generator<int> count_to(int last) {
  for (int i = 1; i <= last; ++i) co_yield i;
}
Generator<std::string> mixed(std::string prefix) {
  co_yield prefix;
  const int two = co_await later(2);
  co_yield prefix + std::to_string(two);
  co_await later(0);
  co_await later(0);
  const auto executor = co_await asio::this_coro::executor;
  co_yield prefix + (executor ? "3" : "none");
}
Generator<int> throwing(bool wait) {
  co_yield 1;
  if (wait) co_await fail_later();
  throw std::runtime_error("now");
}
Generator<int> waiting(int& destroyed) {
  const Mark mark(destroyed);
  co_yield 1;
  co_await for_ever();
  co_yield 2;
}
Generator<int> doubled(Generator<int> of) {
  while (std::optional<int> value = co_await of.next()) co_yield *value * 2;
}

template <class T>
Task<> collect(Generator<T> generator, std::vector<T>& into, std::string& error) {
  try {
    while (std::optional<T> value = co_await generator.next()) into.push_back(std::move(*value));
    error = "end";
  } catch (const std::exception& thrown) {
    error = thrown.what();
  }
}

class GeneratorTest : public testing::Test {
 protected:
  template <class T>
  std::vector<T> all_of(Generator<T> generator) {
    std::vector<T> values;
    asio::co_spawn(io, collect<T>(std::move(generator), values, error), asio::detached);
    io.run();
    io.restart();
    return values;
  }
  asio::io_context io;
  std::string error;
  int destroyed = 0;
};

TEST_F(GeneratorTest, ValuesUntilTheEnd) {
  EXPECT_EQ(all_of(count_to(3)), (std::vector<int>{1, 2, 3}));
  EXPECT_EQ(error, "end");
  EXPECT_TRUE(all_of(count_to(0)).empty());
  EXPECT_TRUE(all_of(Generator<int>()).empty());
  EXPECT_EQ(error, "end");
}

TEST_F(GeneratorTest, ManyValuesNeedNoDepth) { EXPECT_EQ(all_of(count_to(200'000)).size(), 200'000U); }

TEST_F(GeneratorTest, MayAwaitTasks) {
  EXPECT_EQ(all_of(mixed("a")), (std::vector<std::string>{"a", "a2", "a3"}));
  EXPECT_EQ(error, "end");
}

TEST_F(GeneratorTest, MayAwaitAnotherGenerator) { EXPECT_EQ(all_of(doubled(count_to(3))), (std::vector<int>{2, 4, 6})); }

TEST_F(GeneratorTest, ExceptionsReachWhoAwaits) {
  EXPECT_EQ(all_of(throwing(false)).size(), 1U);
  EXPECT_EQ(error, "now");
  EXPECT_EQ(all_of(throwing(true)).size(), 1U);
  EXPECT_EQ(error, "later");
}

Task<> take_one(Generator<int> generator, int& got) { got = (co_await generator.next()).value(); }

TEST_F(GeneratorTest, DestroyedBetweenValues) {
  int got = 0;
  asio::co_spawn(io, take_one(waiting(destroyed), got), asio::detached);
  io.run();
  EXPECT_EQ(got, 1);
  EXPECT_EQ(destroyed, 1);
}

TEST_F(GeneratorTest, NeverStarted) {
  { const Generator<int> generator = waiting(destroyed); }
  EXPECT_EQ(destroyed, 0) << "its variables were never made";
}

TEST_F(GeneratorTest, CancellingWhoAwaitsEndsTheWaitInside) {
  std::vector<int> values;
  asio::cancellation_signal cancel;
  asio::co_spawn(io, collect<int>(waiting(destroyed), values, error), asio::bind_cancellation_slot(cancel.slot(), asio::detached));
  io.poll();
  EXPECT_EQ(values.size(), 1U);
  EXPECT_TRUE(error.empty());
  cancel.emit(asio::cancellation_type::terminal);
  io.run();
  EXPECT_EQ(destroyed, 1);
  EXPECT_NE(error.find("canceled"), std::string::npos) << error;
}

TEST_F(GeneratorTest, TheIoContextMayGoFirst) {
  std::vector<int> values;
  {
    asio::io_context short_lived;
    asio::co_spawn(short_lived, collect<int>(waiting(destroyed), values, error), asio::detached);
    short_lived.poll();
    EXPECT_EQ(values.size(), 1U);
  }
  EXPECT_EQ(destroyed, 1);
  EXPECT_TRUE(error.empty());
}

}  // namespace
}  // namespace jina
