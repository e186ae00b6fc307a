// The generated pages, and that help and completions cover every command.
#include "cli/reference.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <stdexcept>

#include "cli/arguments.hpp"
#include "cli/command.hpp"
#include "config/environment.hpp"
#include "config/option_sets.hpp"

namespace jina::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

std::string out_of(const std::vector<std::string>& words) {
  std::istringstream in;
  std::ostringstream out;
  std::ostringstream err;
  Console console{in, out, err};
  EXPECT_EQ(run_program(console, words), kSuccess) << err.str();
  return out.str();
}

TEST(Reference, CommandLineHasEveryArgument) {
  const std::string page = reference_page("cli").value();
  for (const auto& command : commands()) {
    EXPECT_THAT(page, HasSubstr("\n## jina " + command.name + "\n"));
    if (command.options == nullptr) continue;
    for (const auto& spec : command.options().specs())
      if (!spec.hidden) {
        EXPECT_THAT(page, HasSubstr("`--" + spec.name() + "`"));
      }
  }
  EXPECT_THAT(page, HasSubstr("| `--output`, `-o` |"));
  EXPECT_THAT(page, Not(HasSubstr("markdown")));
}

TEST(Reference, YamlHasEveryKeyUnderscored) {
  const std::string page = reference_page("yaml").value();
  for (const char* key : {"jtype", "with", "py_modules", "modules", "compile_flags", "packages", "port", "timeout_send", "needs",
                          "when", "executors", "deployments_addresses"})
    EXPECT_THAT(page, HasSubstr("`" + std::string(key) + "`"));
  EXPECT_THAT(page, HasSubstr("| `prefetch` | whole number | `1000` |"));
  EXPECT_THAT(page, HasSubstr("log errors without stack traces (no effect here)"));
}

TEST(Reference, EnvironmentIsTheTable) {
  const std::string page = reference_page("environment").value();
  for (const auto& variable : config::environment_variables())
    EXPECT_THAT(page, HasSubstr("| `" + std::string(variable.name) + "` |"));
  EXPECT_THROW(config::environment_value("JINA_NOT_IN_THE_TABLE"), std::logic_error);
}

TEST(Reference, CellsStayInTheirColumn) {
  for (const auto& name : reference_pages()) {
    std::istringstream lines(reference_page(name).value());
    std::size_t columns = 0;
    for (std::string line; std::getline(lines, line);) {
      std::size_t bars = 0;
      for (std::size_t i = 0; i < line.size(); ++i) bars += line[i] == '|' && (i == 0 || line[i - 1] != '\\') ? 1 : 0;
      if (!line.starts_with('|')) {
        columns = 0;
      } else {
        if (columns == 0) columns = bars;
        EXPECT_EQ(bars, columns) << name << ": " << line;
      }
    }
  }
}

TEST(Reference, PagesAreNoPartOfTheHelp) {
  EXPECT_EQ(out_of({"help", "--markdown", "yaml"}), reference_page("yaml").value());
  EXPECT_THAT(out_of({"help", "--help"}), Not(HasSubstr("markdown")));
  EXPECT_EQ(reference_page("nothing"), std::nullopt);
}

TEST(Help, NamesNewAndBuild) {
  EXPECT_THAT(out_of({"--help"}), testing::AllOf(HasSubstr("  new "), HasSubstr("  build ")));
  EXPECT_THAT(out_of({"new", "--help"}), HasSubstr("jina new [KIND] NAME"));
  EXPECT_THAT(out_of({"help", "build"}), HasSubstr("--output, -o"));
}

TEST(Completions, CoverCommandsAndTheirWords) {
  for (const char* shell : {"bash", "zsh", "fish"}) {
    const std::string script = out_of({"completions", shell});
    for (const auto& command : commands()) EXPECT_THAT(script, HasSubstr(command.name)) << shell;
    EXPECT_THAT(script, HasSubstr("gateway executor flow")) << shell;
    EXPECT_THAT(script, HasSubstr("bash zsh fish")) << shell;
    EXPECT_THAT(script, Not(HasSubstr("markdown"))) << shell;
  }
}

TEST(Arguments, OneLetter) {
  const auto parsed = parse_arguments(find_command("build")->options(), 1, {"a.cpp", "-o", "a.so"});
  ASSERT_TRUE(parsed.ok()) << parsed.status().message;
  EXPECT_EQ(parsed->options.text("output"), "a.so");
  EXPECT_THAT(parsed->positionals, ElementsAre("a.cpp"));
  EXPECT_THAT(parse_arguments(config::gateway_options(), 0, {"-o", "a.so"})->unknown, ElementsAre("-o", "a.so"));
}

}  // namespace
}  // namespace jina::cli
