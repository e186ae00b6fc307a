// ReloadCheck: compiles and loads the modules of a changed Flow in a process of its own, so that the Flow that runs is replaced
// only by one that starts, and is watched meanwhile.
//
// Thread: that of the io_context, which should be the process's only one (it forks). Lifetime: refers to the io_context.
// Cancellation: start() again, destruction.
#pragma once
#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "cli/module_jobs.hpp"
#include "flow/process.hpp"

namespace jina::cli {

class ReloadCheck {
 public:
  /// `on_line` gets what the compiler says, `on_end` how it ended.
  ReloadCheck(boost::asio::io_context& io, std::function<void(std::string_view line)> on_line,
              std::function<void(bool good)> on_end)
      : io_(io), on_line_(std::move(on_line)), on_end_(std::move(on_end)) {}

  /// Nothing more is heard of one that is still at work: its files changed again.
  void start(std::vector<ModuleJob> jobs);

 private:
  boost::asio::io_context& io_;
  std::function<void(std::string_view)> on_line_;
  std::function<void(bool)> on_end_;
  std::unique_ptr<flow::Process> process_{};
};

}  // namespace jina::cli
