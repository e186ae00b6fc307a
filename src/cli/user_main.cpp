// What jina/main.hpp calls.
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <iostream>

#include "base/demangle.hpp"
#include "cli/command.hpp"
#include "jina/main.hpp"

namespace jina::detail {
namespace {

int run(const std::vector<std::string>& words, const std::function<void(Registry&)>& add_classes, const char* header) {
  // A peer or a pager that goes away is an error of that write, not the end of the process.
  std::signal(SIGPIPE, SIG_IGN);
  cli::Console console{std::cin, std::cout, std::cerr, cli::Style::of(STDOUT_FILENO), cli::Style::of(STDERR_FILENO)};
  // Where this program was compiled; it may run elsewhere.
  std::error_code error;
  const auto include = std::filesystem::absolute(header, error).parent_path().parent_path();
  if (std::filesystem::exists(include / "jina" / "executor.hpp", error)) console.include = include;
  return cli::run_program(console, words, add_classes);
}

}  // namespace

int run_program(int argc, char** argv, const std::function<void(Registry&)>& add_classes, const char* header) {
  return run({argv + 1, argv + argc}, add_classes, header);
}

int run_class(int argc, char** argv, std::string_view kind, const std::string& name,
              const std::function<void(Registry&)>& add_classes, const char* header) {
  std::vector<std::string> words{kind == "Gateway" ? "gateway" : "executor", "--uses", name};
  words.insert(words.end(), argv + 1, argv + argc);
  return run(words, add_classes, header);
}

std::string class_name(const std::type_info& type) {
  const std::string name = demangled(type.name());
  return name.substr(name.rfind("::") == std::string::npos ? 0 : name.rfind("::") + 2);
}

}  // namespace jina::detail
