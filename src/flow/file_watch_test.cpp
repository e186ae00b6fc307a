#include "flow/file_watch.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <functional>
#include <optional>

namespace jina::flow {
namespace {

namespace fs = std::filesystem;

class FileWatchTest : public ::testing::Test {
 protected:
  FileWatchTest() { fs::create_directories(folder); }
  ~FileWatchTest() override { fs::remove_all(folder); }
  void write(const std::string& name, const std::string& text) { std::ofstream(folder / name) << text; }
  /// The file that is told to have changed after `act`; nothing when that takes longer than a second.
  std::optional<std::string> changed(const std::vector<fs::path>& files, const std::function<void()>& act) {
    boost::asio::io_context io;
    std::optional<std::string> told;
    FileWatch watch(io, [&](const fs::path& file) {
      told = file.filename();
      io.stop();
    });
    EXPECT_TRUE(watch.watch(files).ok());
    act();
    io.run_for(std::chrono::seconds(1));
    return told;
  }
  fs::path folder = fs::temp_directory_path() / ("jina-file-watch-test-" + std::to_string(::getpid()));
};

TEST_F(FileWatchTest, WrittenAndMovedFiles) {
  write("flow.yml", "a");
  EXPECT_EQ(changed({folder / "flow.yml"}, [&] { write("flow.yml", "b"); }), "flow.yml");
  EXPECT_EQ(changed({folder / "flow.yml"},
                    [&] {
                      write("draft", "c");
                      fs::rename(folder / "draft", folder / "flow.yml");
                    }),
            "flow.yml");
}

TEST_F(FileWatchTest, OthersDoNotCount) {
  EXPECT_EQ(changed({folder / "flow.yml"},
                    [&] {
                      write("other.yml", "b");
                      write("other.hpp", "b");
                    }),
            std::nullopt);
}

TEST_F(FileWatchTest, HeadersBesideASourceDo) {
  EXPECT_EQ(changed({folder / "store.cpp"}, [&] { write("index.hpp", "b"); }), "index.hpp");
}

TEST_F(FileWatchTest, MissingFolderIsAnError) {
  boost::asio::io_context io;
  FileWatch watch(io, [](const fs::path&) {});
  EXPECT_EQ(watch.watch({folder / "none" / "flow.yml"}).code, StatusCode::kUnavailable);
}

}  // namespace
}  // namespace jina::flow
