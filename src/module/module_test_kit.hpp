// ModuleTest: a folder with a module cache of its own, and a registry to load into.
#pragma once
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "module/module_loader.hpp"

namespace jina {

namespace fs = std::filesystem;

class ModuleTest : public testing::Test {
 protected:
  ModuleTest() {
    std::string name = (fs::temp_directory_path() / "jina-module-XXXXXX").string();
    EXPECT_NE(mkdtemp(name.data()), nullptr);
    folder = name;
    options.cache = folder / "cache";
    options.flags = {"-O0"};
    options.on_progress = [this](const std::string& line) { progress.push_back(line); };
  }
  ~ModuleTest() override { fs::remove_all(folder); }

  fs::path write(const std::string& name, const std::string& text) const {
    fs::create_directories((folder / name).parent_path());
    std::ofstream(folder / name, std::ios::binary) << text;
    return folder / name;
  }
  Status load(const fs::path& path) { return load_module(path, registry, options); }
  /// The shared object of the only module in the cache.
  fs::path cached() const {
    fs::path found;
    for (const auto& entry : fs::directory_iterator(options.cache))
      if (entry.path().extension() == ".so") found = entry.path();
    return found;
  }

  fs::path folder;
  Registry registry;
  ModuleOptions options;
  std::vector<std::string> progress;
};

/// An environment variable, set as long as this lives.
class WithVariable {
 public:
  WithVariable(const char* name, const std::string& value) : name_(name) {
    if (const char* before = std::getenv(name)) {
      before_ = before;
      was_set_ = true;
    }
    setenv(name, value.c_str(), 1);
  }
  ~WithVariable() { was_set_ ? setenv(name_, before_.c_str(), 1) : unsetenv(name_); }
  WithVariable(const WithVariable&) = delete;
  WithVariable& operator=(const WithVariable&) = delete;

 private:
  const char* name_;
  std::string before_;
  bool was_set_ = false;
};

inline constexpr const char* kEmptyModule = "#include <jina/module.hpp>\nJINA_MODULE(registry) {}\n";

}  // namespace jina
