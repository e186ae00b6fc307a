#include "module/compiler.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <sstream>

namespace jina {
namespace {

namespace fs = std::filesystem;

// The file that a command name stands for, as the shell finds it; "" when there is none.
std::string find_program(const std::string& name) {
  const auto runs = [](const fs::path& path) {
    std::error_code error;
    return fs::is_regular_file(path, error) && access(path.c_str(), X_OK) == 0;
  };
  if (name.find('/') != std::string::npos) return runs(name) ? name : "";
  const char* path = std::getenv("PATH");
  std::istringstream folders(path != nullptr ? path : "/usr/bin:/bin");
  for (std::string folder; std::getline(folders, folder, ':');)
    if (fs::path program = fs::path(folder.empty() ? "." : folder) / name; runs(program)) return program.string();
  return "";
}

std::string identity_of(const std::string& program) {
  struct stat info {};
  if (stat(program.c_str(), &info) != 0) return program;
  return program + " " + std::to_string(info.st_size) + " " + std::to_string(info.st_mtim.tv_sec) + "." +
         std::to_string(info.st_mtim.tv_nsec) + "\n";
}

// What stands between two texts, or "".
std::string between(std::string_view text, std::string_view before, std::string_view after) {
  const auto start = text.find(before);
  if (start == std::string::npos) return "";
  const auto rest = text.substr(start + before.size());
  return std::string(rest.substr(0, rest.find_first_of(after)));
}

}  // namespace

Result<Compiler> find_compiler() {
  Compiler compiler;
  const char* chosen = std::getenv("CXX");
  std::istringstream words(chosen != nullptr ? chosen : "");
  for (std::string word; words >> word;) compiler.command.push_back(word);
  if (compiler.command.empty()) compiler.command = {"g++"};
  std::string& first = compiler.command.front();
  std::error_code error;
  if (first.find('/') != std::string::npos) first = fs::absolute(first, error).string();  // it runs in the module's folder
  if (find_program(first).empty())
    return Status{StatusCode::kFailedPrecondition,
                  "needs a compiler, and there is no '" + first +
                      "' in PATH: install g++ (Debian: apt-get install g++), or set CXX " +
                      "to a C++20 compiler. On machines without one, compile the module elsewhere and load the .so"};
  for (const std::string& word : compiler.command)
    if (const std::string program = find_program(word); !program.empty()) compiler.identity += identity_of(program);
  return compiler;
}

std::string compiler_hint(std::string_view output) {
  // "fatal error: x.hpp: No such file or directory" is g++'s way, "fatal error: 'x.hpp' file not found" clang's.
  std::string header = between(output, "fatal error: '", "'");
  if (header.empty() && output.find(": No such file or directory\n") != std::string::npos)
    header = between(output, "fatal error: ", ":");
  if (header.starts_with("boost/")) return "hint: Boost's headers are missing (Debian: apt-get install libboost1.81-dev)\n";
  if (header.starts_with("jina/")) return "hint: this version of jina has no header '" + header + "'\n";
  if (!header.empty())
    return "hint: '" + header +
           "' is neither beside the module nor where the compiler looks. Install the package that has it; name it under "
           "'packages:' "
           "when pkg-config knows it, else name its folder: 'compile_flags: -I...'\n";
  std::string library = between(output, "cannot find -l", ":\n ");
  if (library.empty()) library = between(output, "library not found: ", "\n ");
  if (!library.empty())
    return "hint: the library '" + library + "' is not installed (Debian: apt-get install lib" + library +
           "-dev), or its folder is missing: 'compile_flags: -L...'\n";
  if (output.find("-std=c++20") != std::string::npos && output.find("error") != std::string::npos)
    return "hint: the compiler is too old for C++20: g++ 11 or clang 14 will do; set CXX to it\n";
  return "";
}

}  // namespace jina
