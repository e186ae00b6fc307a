// `jina build`: modules compiled ahead of time, for machines without a compiler.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <ostream>

#include "cli/command.hpp"
#include "cli/modules.hpp"
#include "config/load.hpp"
#include "config/option_sets.hpp"
#include "config/uses_config.hpp"
#include "flow/file_search.hpp"
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

/// A module and how it is compiled where it is used.
struct Job {
  fs::path source;
  ModuleOptions options;
};

bool is_source(const fs::path& path) {
  const auto extension = path.extension();
  return extension == ".cpp" || extension == ".cc" || extension == ".cxx";
}

class Jobs {
 public:
  Jobs(Console& console, const Invocation& call) : console_(console), call_(call) {}

  /// Files the modules of a class: of `uses` (a .cpp, a class's YAML), and of `modules`.
  Status add(const std::string& uses, const std::vector<std::string>& modules, const std::string& what,
             const config::OptionBag& bag) {
    auto used = config::load_uses(uses, modules, what, bag.texts("extra-search-paths"));
    if (!used) return used.error();
    for (const fs::path& module : used->modules) {
      const auto known = [&](const Job& job) { return job.source == module; };
      if (is_source(module) && std::none_of(all.begin(), all.end(), known))
        all.push_back({module, module_options(console_, "build", *used, bag)});
    }
    return {};
  }

  Status add_flow(const std::string& file) {
    auto flow = flow::load_flow(file);
    if (!flow) return flow.error();
    if (auto s = add_used("gateway", "gateway", flow->gateway, flow->directory); !s.ok()) return s;
    for (const auto& deployment : flow->deployments)
      if (!deployment.flag("external"))
        if (auto s = add_used(deployment.name, "Executor", deployment.options, deployment.directory); !s.ok()) return s;
    return {};
  }

  std::vector<Job> all;

 private:
  Status add_used(const std::string& name, const std::string& what, const config::OptionBag& bag, const fs::path& directory) {
    auto files = flow::find_used_files(bag, directory);
    if (!files) return files.error();
    if (!files->python) return add(files->uses, files->modules, what, bag);
    console_.warn("build", name + " is Python (" + files->python_file + "), nothing is compiled for it");
    return {};
  }

  Console& console_;
  const Invocation& call_;
};

/// Compiles, and loads what came out: a symbol that is missing is better known now.
Status build(Console& console, const Job& job, const fs::path& output) {
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
  Jobs jobs(console, call);
  Status status;
  bool flow = false;
  if (config::classify_uses(file) == config::UsesKind::kYamlFile) {
    auto document = config::load_file(file);
    if (!document) return fail(document.error().message, kFailure);
    const auto* type = document->root.is_map() ? document->root.find("jtype") : nullptr;
    flow = type != nullptr && (type->to_text() == "Flow" || type->to_text() == "AsyncFlow");
  }
  if (flow)
    status = jobs.add_flow(file);
  else
    status = jobs.add(file, {}, "gateway", call.options);
  if (!status.ok()) return fail(status.message, kFailure);
  const std::string output = call.options.text("output");
  if (!output.empty() && jobs.all.size() > 1)
    return fail(fmt::format("{} has {} modules; --output is for one", file, jobs.all.size()), kUsage);
  if (jobs.all.empty()) console.out << file << " has no .cpp modules, there is nothing to compile" << std::endl;
  for (const Job& job : jobs.all)
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
