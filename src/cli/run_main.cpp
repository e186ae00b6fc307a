// jina/main.hpp: the command line for programs that have their classes linked in.
#include <unistd.h>

#include <boost/core/demangle.hpp>
#include <csignal>
#include <iostream>
#include <vector>

#include "cli/command.hpp"
#include "jina/main.hpp"

namespace jina {
namespace {

cli::Console console_of_process() {
  // A peer or a pager that goes away is an error of that write, not the end of the process.
  std::signal(SIGPIPE, SIG_IGN);
  return {std::cin, std::cout, std::cerr, cli::Style::of(STDOUT_FILENO), cli::Style::of(STDERR_FILENO)};
}

}  // namespace

int main(int argc, char** argv, const std::function<void(Registry&)>& add_classes) {
  cli::Console console = console_of_process();
  return cli::run_program(console, {argv + (argc > 0 ? 1 : 0), argv + argc}, add_classes);
}

namespace detail {

std::string class_name_of(const std::type_info& type) {
  const std::string name = boost::core::demangle(type.name());
  const std::size_t colons = name.rfind("::");
  return colons == std::string::npos ? name : name.substr(colons + 2);
}

int run_class(int argc, char** argv, std::string_view kind, const std::string& name,
              const std::function<void(Registry&)>& add_classes) {
  cli::Console console = console_of_process();
  std::vector<std::string> words{kind == "Executor" ? "executor" : "gateway", "--uses", name};
  words.insert(words.end(), argv + (argc > 0 ? 1 : 0), argv + argc);
  return cli::run_program(console, words, add_classes);
}

}  // namespace detail
}  // namespace jina
