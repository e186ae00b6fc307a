#include "cli/reload_check.hpp"

#include <iostream>

#include "jina/registry.hpp"

namespace jina::cli {
namespace {

/// In the child.
int load_all(std::vector<ModuleJob> jobs) {
  bool good = true;
  const auto say = [](const std::string& text) { std::cerr << text << std::endl; };
  for (auto& job : jobs) {
    job.options.on_progress = say;
    job.options.on_fatal = say;
    Registry registry;  // each for itself: in processes of their own they may have classes of one name
    if (const Status status = load_module(job.source, registry, job.options); !status.ok()) {
      say("error: " + status.message);
      good = false;
    }
  }
  return good ? 0 : 1;
}

}  // namespace

void ReloadCheck::start(std::vector<ModuleJob> jobs) {
  process_.reset();
  flow::ProcessOptions options{.program = "the compiler of modules"};
  options.function = [jobs = std::move(jobs)] { return load_all(jobs); };
  auto started = flow::Process::start(
      io_, std::move(options), [this](flow::Process::Stream, std::string_view line) { on_line_(line); },
      [this] { on_end_(process_->state().signal == 0 && process_->state().code == 0); });
  if (!started) {
    on_line_(started.error().message);
    return on_end_(false);
  }
  process_ = std::move(*started);
}

}  // namespace jina::cli
