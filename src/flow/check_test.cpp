// What is read from sources of classes; whole Flows with mistakes are in tests/flows/bad.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "flow/check_sources.hpp"
#include "flow/python_output.hpp"

namespace jina::flow {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

SourceClasses scan(const std::string& name, const std::string& text) {
  const auto folder = std::filesystem::temp_directory_path() / ("jina-scan-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  std::ofstream(folder / name) << text;
  const auto classes = scan_source(folder / name);
  std::filesystem::remove_all(folder);
  EXPECT_TRUE(classes.has_value());
  return classes.value_or(SourceClasses{});
}

TEST(ScanSource, PythonClassesAndTheirArguments) {
  const auto found = scan("a.py", R"(
from jina import Executor, requests
import torch

class One(Executor):
    def __init__(self, model: str = 'a,b', sizes: Tuple[int, int] = (1, 2), *args, top_k=3, **kwargs):
        pass

class Two(Executor):
    @requests
    def f(self, docs, **kwargs): pass

class Three(Base):
    pass
)");
  EXPECT_THAT(found.names, ElementsAre("One", "Two", "Three"));
  EXPECT_TRUE(found.complete);
  EXPECT_THAT(found.arguments.at("One"), ElementsAre("model", "sizes", "top_k"));
  EXPECT_THAT(found.arguments.at("Two"), IsEmpty());
  EXPECT_FALSE(found.arguments.contains("Three"));
}

TEST(ScanSource, PythonThatTakesMoreFromItsFolder) {
  EXPECT_FALSE(scan("a.py", "from .others import *\nclass One(Executor):\n    pass\n").complete);
  EXPECT_FALSE(scan("a.py", "from executors_of_somebody import Two\nclass One(Executor):\n    pass\n").complete);
  EXPECT_TRUE(scan("a.py", "import numpy as np\nclass One(Executor):\n    pass\n").complete);
}

TEST(ScanSource, CppClasses) {
  const auto found = scan("a.cpp", R"(
struct Options { int n = 0; };
BOOST_DESCRIBE_STRUCT(Options, (), (n, model))
class One : public jina::Executor { public: explicit One(const Options& options); };
class Two : public jina::Executor { public: explicit Two(boost::json::object with); };
// registry.add<Three>("Three");
JINA_MODULE(registry) { registry.add<One>("One").add<ns::Two>("Other"); }
)");
  EXPECT_THAT(found.names, ElementsAre("One", "Other"));
  EXPECT_TRUE(found.complete);
  EXPECT_THAT(found.arguments.at("One"), ElementsAre("n", "model"));
  EXPECT_FALSE(found.arguments.contains("Other"));
  EXPECT_FALSE(scan("c.cpp", "JINA_MODULE(registry) { registry.add<One>(\"One\"); add_more(registry); }").complete);
  EXPECT_FALSE(scan("b.cpp", "JINA_MODULE(registry) { registry.add<One>(kName); registry.add<Two>(\"Two\"); }").complete);
}

std::vector<std::string> shown(std::initializer_list<std::string_view> lines) {
  PythonOutput output;
  std::vector<std::string> out;
  for (auto line : lines)
    if (output.take(line)) out.emplace_back(line);
  return out;
}

TEST(PythonOutput, LeavesOutLogoAndArguments) {
  EXPECT_THAT(shown({"", "\x1b[38;5;15mMMM\x1b[0;0m", "", "/usr/lib/python3/jina/__m", "ain__.py executor --name a", "--port 1",
                     "╭───┬───╮", "│ a │ b │", "╰───┴───╯", "INFO  a@1 ready   ", "╭ mine ╮"}),
              ElementsAre("INFO  a@1 ready", "╭ mine ╮"));
  EXPECT_THAT(shown({"/usr/lib/python3/jina/__m", "ain__.py executor", "╭───┬───╮", "╰───┴───╯", "INFO"}), ElementsAre("INFO"));
  EXPECT_THAT(shown({"Traceback (most recent call last):", "╭ x"}), ElementsAre("Traceback (most recent call last):", "╭ x"));
}

}  // namespace
}  // namespace jina::flow
