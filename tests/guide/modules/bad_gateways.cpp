// Gateways that go wrong, each in another place.
#include <jina/executor.hpp>
#include <jina/gateway.hpp>
#include <jina/module.hpp>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <stdexcept>
#include <string>
#include <thread>

namespace asio = boost::asio;

struct IndexMissing : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Does nothing wrong by itself: serves until it is told to stop.
class Quiet : public jina::Gateway {
 public:
  jina::Task<void> setup_server() override { co_return; }
  jina::Task<void> run_server() override {
    boost::system::error_code ignored;
    co_await until_stopped_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }
  jina::Task<void> shutdown() override {
    until_stopped_.cancel();
    co_return;
  }

 protected:
  jina::Task<void> for_ever() {
    asio::steady_timer never(io(), asio::steady_timer::time_point::max());
    co_await never.async_wait(asio::use_awaitable);
  }

 private:
  asio::steady_timer until_stopped_{io(), asio::steady_timer::time_point::max()};
};

struct ThrowsInConstructor : Quiet {
  ThrowsInConstructor() { throw IndexMissing("there is no index.bin"); }
};

struct ThrowsInSetup : Quiet {
  jina::Task<void> setup_server() override { throw IndexMissing("there is no index.bin"); }
};

struct NeverSetUp : Quiet {
  jina::Task<void> setup_server() override { return for_ever(); }
};

struct BlocksInSetup : Quiet {
  jina::Task<void> setup_server() override {
    while (true) std::this_thread::sleep_for(std::chrono::hours(1));
    co_return;
  }
};

struct ReturnsEarly : Quiet {
  jina::Task<void> run_server() override { co_return; }
};

struct ThrowsInRun : Quiet {
  jina::Task<void> run_server() override { throw IndexMissing("the index went away"); }
};

struct ThrowsInShutdown : Quiet {
  jina::Task<void> shutdown() override {
    co_await Quiet::shutdown();
    throw IndexMissing("the index can not be written");
  }
};

struct NeverShutDown : Quiet {
  jina::Task<void> shutdown() override { return for_ever(); }
};

struct BlocksAWhile : Quiet {
  jina::Task<void> run_server() override {
    std::this_thread::sleep_for(std::chrono::milliseconds(1600));
    logger().info("awake again");
    return Quiet::run_server();
  }
};

struct Options {
  std::string index;
  int top_k = 10;
};
BOOST_DESCRIBE_STRUCT(Options, (), (index, top_k))

struct TakesArguments : Quiet {
  explicit TakesArguments(Options) {}
};

struct NoGateway : jina::Executor {
  void setup(jina::Endpoints&) override {}
};

JINA_MODULE(registry) {
  registry.add<Quiet>("Quiet")
      .add<ThrowsInConstructor>("ThrowsInConstructor")
      .add<ThrowsInSetup>("ThrowsInSetup")
      .add<NeverSetUp>("NeverSetUp")
      .add<BlocksInSetup>("BlocksInSetup")
      .add<ReturnsEarly>("ReturnsEarly")
      .add<ThrowsInRun>("ThrowsInRun")
      .add<ThrowsInShutdown>("ThrowsInShutdown")
      .add<NeverShutDown>("NeverShutDown")
      .add<BlocksAWhile>("BlocksAWhile")
      .add<TakesArguments>("TakesArguments")
      .add<NoGateway>("NoGateway");
}
