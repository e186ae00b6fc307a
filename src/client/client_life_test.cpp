#include <gtest/gtest.h>

#include <future>
#include <memory>

#include "base/thread_end.hpp"
#include "jina/client.hpp"

namespace jina::client {
namespace {

/// Owns a client, and is destroyed on its I/O thread.
struct OwnsTheClient {
  std::unique_ptr<Client> client;
  std::future<void> others_gone;
  std::shared_ptr<std::promise<void>> ended;
  ~OwnsTheClient() {
    thread_local ThreadEnd end;
    end.ended = ended;
    others_gone.wait();
    client.reset();
  }
};

TEST(Client, LastOwnerMayBeItsOwnThread) {
  std::promise<void> others_gone;
  const auto thread_ended = std::make_shared<std::promise<void>>();
  {
    auto owner = std::make_shared<OwnsTheClient>();
    owner->client = std::make_unique<Client>("ws://127.0.0.1:1");
    owner->others_gone = others_gone.get_future();
    owner->ended = thread_ended;
    Client& client = *owner->client;
    // The stream goes on the I/O thread, and with it the function.
    ResponseRange answers = client.stream("/e", Inputs([owner]() -> std::optional<Document> { return std::nullopt; }));
    owner.reset();
  }
  others_gone.set_value();
  EXPECT_EQ(thread_ended->get_future().wait_for(std::chrono::seconds(10)), std::future_status::ready);
}

}  // namespace
}  // namespace jina::client
