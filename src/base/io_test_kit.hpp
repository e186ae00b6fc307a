// run_until: for tests that run the io_context themselves.
//
// Thread: the test's. Lifetime: none. Cancellation: gives up after ten seconds, which fails the test.
#pragma once
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <chrono>

namespace jina {

/// Runs `io` until `done()` is true.
template <class Done>
void run_until(boost::asio::io_context& io, Done done) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (!done() && std::chrono::steady_clock::now() < deadline) {
    io.restart();
    io.run_one_for(std::chrono::milliseconds(100));
  }
  ASSERT_TRUE(done()) << "timed out";
}

}  // namespace jina
