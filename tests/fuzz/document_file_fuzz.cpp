// A file of Documents: read or refused; what is cut off its end is gone the next time, and what is appended is there.
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

#include "jina/document_file.hpp"

namespace {

// One for the process; in memory where the machine has such a folder.
const std::filesystem::path& path() {
  static const std::filesystem::path kPath = [] {
    const std::filesystem::path folder =
        std::filesystem::is_directory("/dev/shm") ? "/dev/shm" : std::filesystem::temp_directory_path();
    return folder / ("jina-document-file-fuzz-" + std::to_string(::getpid()));
  }();
  static const int registered = std::atexit([] { std::filesystem::remove(kPath); });
  (void)registered;
  return kPath;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::ofstream(path(), std::ios::binary | std::ios::trunc)
      .write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
  jina::DocumentFile file(path());
  std::size_t count = 0;
  try {
    count = file.load().size();
  } catch (const std::invalid_argument&) {
    return 0;
  }
  jina::DocumentArray more(1);
  more[0].set_text("appended");
  file.append(more);
  const jina::DocumentArray docs = file.load();
  if (file.cut_bytes() != 0 || docs.size() != count + 1 || docs[count].text() != "appended") std::abort();
  return 0;
}
