#include "module/module_compiler.hpp"

#include <algorithm>
#include <boost/version.hpp>
#include <memory>
#include <sstream>
#include <utility>
#include <vector>

#include "base/subprocess.hpp"
#include "jina/version.hpp"
#include "module/compiler.hpp"
#include "module/content_hash.hpp"
#include "module/module_cache.hpp"

namespace jina {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> words(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> words;
  for (std::string word; in >> word;) words.push_back(word);
  return words;
}

void append(std::vector<std::string>& to, const std::vector<std::string>& more) { to.insert(to.end(), more.begin(), more.end()); }

Status refuse(const fs::path& source, const std::string& why) {
  return {StatusCode::kFailedPrecondition, "module " + source.string() + " " + why};
}

bool has_headers(const fs::path& include) {
  std::error_code error;
  return fs::exists(include / "jina" / "executor.hpp", error);
}

// Beside the installed program, else in the source tree that it was built from, else where the compiler looks by itself.
Result<fs::path> find_headers(const fs::path& source, const ModuleOptions& options) {
  if (!options.include.empty()) {
    if (has_headers(options.include)) return options.include;
    return refuse(source, "needs jina's headers, and " + options.include.string() + " has no jina/executor.hpp");
  }
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  const fs::path beside = program.parent_path().parent_path() / "include";
  std::string tried;
  for (const fs::path& place : {beside, fs::path(JINA_SOURCE_INCLUDE), fs::path(JINA_INSTALL_INCLUDE)}) {
    if (has_headers(place)) return place;
    tried += (tried.empty() ? "" : ", ") + place.string();
  }
  return refuse(source, "needs jina's headers, which are in none of " + tried);
}

// The compiler's command line: compiler, flags, source, and what the user adds, for libraries count only behind what needs them.
struct CommandLine {
  Compiler compiler;
  std::vector<std::string> flags;
  std::vector<std::string> added;
};

Status add_packages(CommandLine& line, const fs::path& source, const std::vector<std::string>& packages) {
  if (packages.empty()) return {};
  std::vector<std::string> ask = {"pkg-config", "--cflags", "--libs"};
  append(ask, packages);
  const CommandResult answer = run_command(ask);
  if (answer.exit_code == -1)
    return refuse(source, "names packages, and pkg-config does not run (" + answer.output + "): apt-get install pkg-config");
  if (answer.exit_code != 0)
    return refuse(source, "names packages that pkg-config does not find:\n" + answer.output +
                              "hint: install their development packages (Debian: lib...-dev), or set PKG_CONFIG_PATH to the folder "
                              "with their .pc files");
  append(line.added, words(answer.output));
  return {};
}

Result<CommandLine> make_command_line(const fs::path& source, const fs::path& include, const ModuleOptions& options) {
  Result<Compiler> compiler = find_compiler();
  if (!compiler) return refuse(source, compiler.error().message);
  // -isystem: warnings are for the user's code. What the library was compiled with must be the same here, or types differ.
  CommandLine line{
      std::move(*compiler), {"-std=c++20", "-O2", "-fPIC", "-shared", "-pthread", "-isystem", include.string()}, options.flags};
  append(line.flags, words(JINA_MODULE_FLAGS));
  if (Status status = add_packages(line, source, options.packages); !status.ok()) return status;
  return line;
}

// `path` is in it: what __FILE__ says, and the headers that are found beside it.
Result<std::string> hash_inputs(const fs::path& source, const fs::path& path, const fs::path& include, const CommandLine& line) {
  const std::optional<std::string> text = read_file(path);
  if (!text) return refuse(source, "can not be read");
  ContentHash hash;
  for (const std::string& part :
       {std::string(JINA_VERSION), std::string(BOOST_LIB_VERSION), line.compiler.identity, path.string(), *text})
    hash.add(part);
  for (const auto* part : {&line.compiler.command, &line.flags, &line.added}) {
    hash.add(std::to_string(part->size()));
    for (const std::string& word : *part) hash.add(word);
  }
  std::error_code error;
  std::vector<fs::path> headers;
  for (const auto& entry : fs::directory_iterator(include / "jina", error)) headers.push_back(entry.path());
  std::sort(headers.begin(), headers.end());
  for (const fs::path& header : headers) hash.add(read_file(header).value_or(""));
  return hash.hex();
}

Status compile(const fs::path& given, const fs::path& source, const CommandLine& line, const ModuleOptions& options,
               ModuleCacheEntry& entry) {
  if (options.on_progress) options.on_progress("compiling " + given.filename().string() + " ...");
  std::vector<std::string> command = line.compiler.command;
  append(command, line.flags);
  append(command, {"-MMD", "-MF", entry.temporary_dependencies().string(), "-o", entry.temporary().string(), source.string()});
  append(command, line.added);
  const auto started = fs::file_time_type::clock::now();
  // In the module's folder: relative folders among its flags count from there, wherever the program was started.
  const CommandResult result = run_command(command, source.parent_path().string());
  if (result.exit_code != 0) {
    entry.discard();
    return refuse(given, "does not compile:\n" + result.output + compiler_hint(result.output));
  }
  if (!result.output.empty() && options.on_progress) options.on_progress(result.output);
  return entry.commit(started);
}

/// A module, how it is compiled, and where the result is kept.
struct Work {
  fs::path source;
  CommandLine line;
  fs::path folder;
  std::unique_ptr<ModuleCacheEntry> entry{};
};

Result<Work> plan_work(const fs::path& given, const ModuleOptions& options) {
  std::error_code error;
  const fs::path source = fs::absolute(given, error).lexically_normal();
  Result<fs::path> include = find_headers(given, options);
  if (!include) return std::move(include).error();
  Result<CommandLine> line = make_command_line(given, fs::absolute(*include, error), options);
  if (!line) return std::move(line).error();
  Result<std::string> hash = hash_inputs(given, source, *include, *line);
  if (!hash) return std::move(hash).error();
  Result<fs::path> folder = options.cache.empty() ? default_module_cache() : Result<fs::path>(options.cache);
  if (!folder) return std::move(folder).error();
  Work work{source, std::move(*line), fs::absolute(*folder, error)};
  work.entry = std::make_unique<ModuleCacheEntry>(work.folder, source.stem().string() + "-" + *hash, source);
  return work;
}

}  // namespace

Result<fs::path> compile_module(const fs::path& given, const ModuleOptions& options) {
  Result<Work> work = plan_work(given, options);
  if (!work) return std::move(work).error();
  std::error_code error;
  fs::create_directories(work->folder, error);
  if (error)
    return refuse(given, "needs the module cache " + work->folder.string() + ", which can not be made: " + error.message());
  ModuleCacheEntry& entry = *work->entry;
  if (entry.is_fresh()) return entry.shared_object();
  const auto tell = [&](int process) {
    const std::string who = process > 0 ? "process " + std::to_string(process) : std::string("another process");
    if (options.on_progress) options.on_progress("waiting for " + who + ", which compiles " + given.filename().string() + " ...");
  };
  if (Status status = entry.lock(tell); !status.ok()) return status;
  if (entry.is_fresh()) return entry.shared_object();  // another process made it meanwhile
  if (Status status = compile(given, work->source, work->line, options, entry); !status.ok()) return status;
  return entry.shared_object();
}

std::optional<fs::path> find_compiled_module(const fs::path& source, const ModuleOptions& options) {
  const Result<Work> work = plan_work(source, options);
  if (!work || !work->entry->is_fresh()) return std::nullopt;
  return work->entry->shared_object();
}

}  // namespace jina
