#include "module/module_compiler.hpp"

#include <algorithm>
#include <cstdlib>
#include <sstream>
#include <utility>
#include <vector>

#include "jina/version.hpp"
#include "module/content_hash.hpp"
#include "module/module_cache.hpp"
#include "module/subprocess.hpp"

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

// Beside the installed program, else in the source tree that it was built from.
Result<fs::path> find_headers(const fs::path& source, const ModuleOptions& options) {
  if (!options.include.empty()) {
    if (has_headers(options.include)) return options.include;
    return refuse(source, "needs jina's headers, and " + options.include.string() + " has no jina/executor.hpp");
  }
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  const fs::path installed = program.parent_path().parent_path() / "include";
  if (!error && has_headers(installed)) return installed;
  if (has_headers(JINA_SOURCE_INCLUDE)) return fs::path(JINA_SOURCE_INCLUDE);
  return refuse(source, "needs jina's headers; they are neither in " + installed.string() + " nor in " JINA_SOURCE_INCLUDE);
}

// The compiler's command line, in the order in which it is used: everything before the source, and the libraries after it.
struct CommandLine {
  std::vector<std::string> compiler;
  std::vector<std::string> flags;
  std::vector<std::string> libraries;
};

Result<CommandLine> make_command_line(const fs::path& source, const fs::path& include, const ModuleOptions& options) {
  CommandLine line;
  const char* chosen = std::getenv("CXX");
  line.compiler = words(chosen != nullptr ? chosen : "");
  if (line.compiler.empty()) line.compiler = {"g++"};
  // -isystem: warnings are for the user's code. What the library was compiled with must be the same here, or types differ.
  line.flags = {"-std=c++20", "-O2", "-fPIC", "-shared", "-pthread", "-isystem", include.string()};
  append(line.flags, words(JINA_MODULE_FLAGS));
  append(line.flags, options.flags);
  if (options.packages.empty()) return line;
  std::vector<std::string> ask = {"pkg-config", "--cflags", "--libs"};
  append(ask, options.packages);
  const CommandResult answer = run_command(ask);
  if (answer.exit_code != 0) return refuse(source, "names packages that pkg-config does not find:\n" + answer.output);
  line.libraries = words(answer.output);
  return line;
}

Result<std::string> hash_inputs(const fs::path& source, const fs::path& include, const CommandLine& line) {
  std::vector<std::string> ask = line.compiler;
  ask.emplace_back("--version");
  const CommandResult version = run_command(ask);
  if (version.exit_code != 0)
    return refuse(source, "needs a compiler, and '" + ask.front() + "' does not run (" + version.output +
                              "): install g++, or set CXX to a C++20 compiler");
  const std::optional<std::string> text = read_file(source);
  if (!text) return refuse(source, "can not be read");
  ContentHash hash;
  for (const std::string& part : {std::string(JINA_VERSION), version.output, *text}) hash.add(part);
  for (const auto* part : {&line.compiler, &line.flags, &line.libraries})
    for (const std::string& word : *part) hash.add(word);
  std::error_code error;
  std::vector<fs::path> headers;
  for (const auto& entry : fs::directory_iterator(include / "jina", error)) headers.push_back(entry.path());
  std::sort(headers.begin(), headers.end());
  for (const fs::path& header : headers) hash.add(read_file(header).value_or(""));
  return hash.hex();
}

}  // namespace

Result<fs::path> compile_module(const fs::path& given, const ModuleOptions& options) {
  std::error_code error;
  const fs::path source = fs::absolute(given, error).lexically_normal();
  Result<fs::path> include = find_headers(given, options);
  if (!include) return std::move(include).error();
  Result<CommandLine> line = make_command_line(given, *include, options);
  if (!line) return std::move(line).error();
  Result<std::string> hash = hash_inputs(given, *include, *line);
  if (!hash) return std::move(hash).error();

  Result<fs::path> folder = options.cache.empty() ? default_module_cache() : Result<fs::path>(options.cache);
  if (!folder) return std::move(folder).error();
  fs::create_directories(*folder, error);
  if (error) return refuse(given, "needs the module cache " + folder->string() + ", which can not be made: " + error.message());
  ModuleCacheEntry entry(*folder, source.stem().string() + "-" + *hash, source);
  if (entry.is_fresh()) return entry.shared_object();
  if (Status status = entry.lock(); !status.ok()) return status;
  if (entry.is_fresh()) return entry.shared_object();  // another process made it meanwhile

  if (options.on_progress) options.on_progress("compiling " + given.filename().string() + " ...");
  std::vector<std::string> command = line->compiler;
  append(command, line->flags);
  append(command, {"-MMD", "-MF", entry.temporary_dependencies().string(), "-o", entry.temporary().string(), source.string()});
  append(command, line->libraries);
  const CommandResult result = run_command(command);
  if (result.exit_code != 0) {
    entry.discard();
    return refuse(given, "does not compile:\n" + result.output);
  }
  if (!result.output.empty() && options.on_progress) options.on_progress(result.output);
  if (Status status = entry.commit(); !status.ok()) return status;
  return entry.shared_object();
}

}  // namespace jina
