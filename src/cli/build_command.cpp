// `jina build`: modules compiled ahead of time, for machines without a compiler.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <chrono>
#include <filesystem>
#include <ostream>

#include "cli/command.hpp"
#include "cli/module_jobs.hpp"
#include "config/load.hpp"
#include "config/option_sets.hpp"
#include "flow/flow_spec.hpp"
#include "jina/registry.hpp"
#include "module/prebuilt.hpp"

namespace jina::cli {
namespace {

namespace fs = std::filesystem;

const config::OptionSet& build_options() {
  static const config::OptionSet set = [] {
    config::OptionSet options;
    options.add({.names = {"output", "o"},
                 .help = "the .so to write, where FILE means one module; beside the .cpp when not given",
                 .placeholder = "FILE"});
    for (const char* name : {"compile-flags", "packages", "extra-search-paths"}) {
      config::OptionSpec spec = *config::executor_options().find(name);
      spec.group = "Options";
      options.add(std::move(spec));
    }
    return options;
  }();
  return set;
}

/// Compiles, and loads what came out: a symbol that is missing is better known now.
Status build(Console& console, const ModuleJob& job, const fs::path& output) {
  const auto started = std::chrono::steady_clock::now();
  ModuleOptions options = job.options;
  options.on_progress = [&](const std::string& text) { console.out << text << std::endl; };
  if (auto s = build_module(job.source, output, options); !s.ok()) return s;
  Registry registry;
  if (auto s = load_module(output, registry, options); !s.ok()) return s;
  std::vector<std::string> classes;
  for (const char* kind : {"Gateway", "Executor"})
    for (const auto& name : registry.names(kind)) classes.push_back(fmt::format("{} {}", kind, name));
  std::error_code error;
  const auto seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  console.out << console.out_style.green(output.lexically_proximate(fs::current_path(error)).string())
              << fmt::format("  {}, {} KiB, {:.1f} s", fmt::join(classes, ", "), fs::file_size(output, error) / 1024, seconds)
              << std::endl;
  return {};
}

int run(Console& console, Invocation& call) {
  const auto fail = [&](const std::string& message, int code) {
    console.fail("build", message);
    return code;
  };
  if (call.positionals.empty()) return fail("say what: jina build config.yml, jina build flow.yml, jina build module.cpp", kUsage);
  const std::string& file = call.positionals.front();
  ModuleJobs jobs(console, "build");
  Status status;
  bool flow = false;
  if (config::classify_uses(file) == config::UsesKind::kYamlFile) {
    auto document = config::load_file(file);
    if (!document) return fail(document.error().message, kFailure);
    const auto* type = document->root.is_map() ? document->root.find("jtype") : nullptr;
    flow = type != nullptr && (type->to_text() == "Flow" || type->to_text() == "AsyncFlow");
  }
  if (flow) {
    auto read = flow::load_flow(file);
    status = read ? jobs.add(*read,
                             [&](const std::string& name, const std::string& python) {
                               console.warn("build", name + " is Python (" + python + "), nothing is compiled for it");
                             })
                  : read.error();
  } else {
    status = jobs.add(file, {}, "gateway", call.options);
  }
  if (!status.ok()) return fail(status.message, kFailure);
  const std::string output = call.options.text("output");
  if (!output.empty() && jobs.all.size() > 1)
    return fail(fmt::format("{} has {} modules; --output is for one", file, jobs.all.size()), kUsage);
  if (jobs.all.empty()) console.out << file << " has no .cpp modules, there is nothing to compile" << std::endl;
  for (const ModuleJob& job : jobs.all)
    if (auto s = build(console, job, output.empty() ? prebuilt_path(job.source) : fs::path(output)); !s.ok())
      return fail(s.message, kFailure);
  return kSuccess;
}

}  // namespace

Command build_command() {
  return {
      .name = "build",
      .summary = "compile modules ahead of time",
      .about =
          "Compiles the .cpp modules of a Gateway YAML, an Executor YAML or a Flow, or one .cpp file, into .so files beside them. "
          "Where a .cpp module is named and such a .so lies beside it, that one is loaded as long as it was made from this source, "
          "these headers, these flags and by this version, and also when the .cpp itself is not there: no compiler is needed then.",
      .positionals = {"FILE"},
      .examples = {{"jina build config.yml", "in a Dockerfile: the image that serves needs no compiler"},
                   {"jina build flow.yml", "the modules of its gateway and its Executors"},
                   {"jina build gateway.cpp -o build/gateway.so", ""}},
      .options = build_options,
      .run = run};
}

}  // namespace jina::cli
