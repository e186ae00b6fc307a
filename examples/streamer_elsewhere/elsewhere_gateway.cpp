// A gateway whose server is another program: it starts it, waits for it, and stops it.
#include <spawn.h>
#include <sys/wait.h>
#include <jina/blocking.hpp>
#include <jina/gateway.hpp>
#include <jina/module.hpp>

#include <csignal>
#include <stdexcept>
#include <string>
#include <utility>

struct Options {
  std::string program;
};
BOOST_DESCRIBE_STRUCT(Options, (), (program))

class ElsewhereGateway : public jina::Gateway {
 public:
  explicit ElsewhereGateway(Options options) : program_(std::move(options.program)) {}

  jina::Task<void> setup_server() override {
    std::string words[] = {program_, host(), std::to_string(port())};
    char* arguments[] = {words[0].data(), words[1].data(), words[2].data(), nullptr};
    // It inherits the environment, and with it JINA_STREAMER_ARGS.
    if (posix_spawn(&child_, arguments[0], nullptr, nullptr, arguments, environ) != 0)
      throw std::runtime_error("cannot start " + program_);
    co_return;
  }

  jina::Task<void> run_server() override {
    return jina::run_blocking([this] {
      int status = 0;
      waitpid(child_, &status, 0);
      if (status != 0) throw std::runtime_error(program_ + " failed");
    });
  }

  jina::Task<void> shutdown() override {
    kill(child_, SIGTERM);
    co_return;
  }

 private:
  std::string program_;
  pid_t child_ = 0;
};

JINA_MODULE(registry) { registry.add<ElsewhereGateway>("ElsewhereGateway"); }
