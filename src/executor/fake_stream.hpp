// FakeStream: a peer's stream, for tests.
//
// Thread: the test's. Lifetime: shared. Cancellation: none.
#pragma once
#include <gtest/gtest.h>

#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "protocol/request_handler.hpp"

namespace jina {

// What a peer sends over Call and what it gets.
class FakeStream final : public protocol::RequestStream {
 public:
  void read(UniqueFunction<void(std::optional<Buffer>)> on_next) override {
    if (incoming.empty()) {
      waiting = std::move(on_next);
      return;
    }
    std::optional<Buffer> next = std::move(incoming.front());
    incoming.pop_front();
    on_next(std::move(next));
  }
  bool write(Buffer message) override {
    if (gone) return false;
    written.push_back(message.str());
    return true;
  }
  std::size_t queued_bytes() const override { return slow ? std::size_t{1} << 30 : 0; }
  void when_writable(UniqueFunction<void()> on_writable) override {
    if (!slow) return on_writable();
    writable = std::move(on_writable);
  }
  void finish(Status with, Metadata) override {
    EXPECT_FALSE(status.has_value()) << "finished twice";
    status = std::move(with);
    if (waiting) std::exchange(waiting, nullptr)(std::nullopt);  // as the gRPC server does
  }

  std::deque<std::optional<Buffer>> incoming;
  UniqueFunction<void(std::optional<Buffer>)> waiting;
  std::vector<std::string> written;
  bool slow = false;  // the peer does not read
  bool gone = false;
  UniqueFunction<void()> writable;
  std::optional<Status> status;
};

}  // namespace jina
