// StreamerTest: a GatewayStreamer before one FakeExecutor "a", for tests that run user code on the I/O thread.
//
// Thread: the test's. Lifetime: a test. Cancellation: none.
#pragma once
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/json/parse.hpp>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "integration/fake_executor.hpp"
#include "jina/streamer.hpp"

namespace jina::testing {

using namespace std::chrono_literals;

class StreamerTest : public ::testing::Test {
 protected:
  void TearDown() override {
    if (streamer) {
      run([this]() -> Task<void> { co_await streamer->close(); });
      streamer.reset();
    }
    executor.stop();
    io.restart();
    io.run_for(5s);
    EXPECT_TRUE(io.stopped()) << "something still runs";
  }

  StreamerOptions options_for(const std::string& address) const {
    StreamerOptions options;
    options.graph_representation = boost::json::parse(R"({"start-gateway": ["a"], "a": ["end-gateway"]})").as_object();
    options.executor_addresses["a"] = boost::json::array{boost::json::string("grpc://" + address)};
    options.retries = 0;
    return options;
  }
  void make() { streamer.emplace(io, options_for(executor.address())); }

  /// Runs user code to its end on the I/O thread.
  void run(std::function<Task<void>()> body) {
    bool done = false;
    boost::asio::co_spawn(io, std::move(body), [&](std::exception_ptr thrown) {
      done = true;
      if (!thrown) return;
      try {
        std::rethrow_exception(thrown);
      } catch (const std::exception& error) {
        ADD_FAILURE() << error.what();
      }
    });
    run_until([&] { return done; });
  }

  /// Runs the I/O thread until that is so.
  void run_until(const std::function<bool()>& is_so) {
    const auto deadline = std::chrono::steady_clock::now() + 10s;
    while (!is_so() && std::chrono::steady_clock::now() < deadline) {
      io.restart();
      io.run_one_for(10ms);
    }
    ASSERT_TRUE(is_so()) << "timed out";
  }

  /// Errors as Executors report them: ValueError, "broken".
  static wire::DataRequest failed(wire::DataRequest request) {
    std::string header = request.header.str();
    header.append(
        "\x12\x18\x08\x01\x12\x06"
        "broken"
        "\x1a\x0c\x0a\x0a"
        "ValueError",
        26);
    request.header = Bytes::take(std::move(header));
    return request;
  }

  static std::vector<std::string> texts_of(const DocumentArray& docs) {
    std::vector<std::string> texts;
    for (const Document& doc : docs) texts.emplace_back(doc.text());
    return texts;
  }

  static DocumentArray texts(int count) {
    DocumentArray docs(static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i) docs[static_cast<std::size_t>(i)].set_text("t" + std::to_string(i));
    return docs;
  }

  boost::asio::io_context io{1};
  FakeExecutor executor{io};
  std::optional<GatewayStreamer> streamer;
};

}  // namespace jina::testing
