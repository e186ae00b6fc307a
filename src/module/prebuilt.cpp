#include "module/prebuilt.hpp"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>

#include "jina/version.hpp"
#include "module/content_hash.hpp"
#include "module/module_compiler.hpp"

namespace jina {
namespace {

namespace fs = std::filesystem;

// The stamp stands behind the last byte of the ELF file, where no loader looks: lines "KIND HASH [PATH]", then how long they are.
//   options 52c9...
//   source 8f1d...
//   header 77ab... ../shared/text.hpp
//   jina-build 00000123
constexpr std::string_view kEnd = "jina-build ";
constexpr std::size_t kEndSize = kEnd.size() + 8 + 1;

// What must be the same besides the files. Compiler and pkg-config's answers are not among it: they need not be there when the
// module is loaded.
std::string hash_of(const ModuleOptions& options) {
  ContentHash hash;
  for (const std::string_view part : {std::string_view(JINA_VERSION), std::string_view(JINA_MODULE_FLAGS)}) hash.add(part);
  for (const auto* words : {&options.flags, &options.packages}) {
    hash.add(std::to_string(words->size()));
    for (const std::string& word : *words) hash.add(word);
  }
  return hash.hex();
}

std::optional<std::string> read_stamp(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::array<char, kEndSize> end{};
  if (!in.seekg(-static_cast<std::streamoff>(kEndSize), std::ios::end).read(end.data(), kEndSize)) return std::nullopt;
  const std::string_view text(end.data(), kEndSize);
  std::size_t size = 0;
  const char* digits = text.data() + kEnd.size();
  if (!text.starts_with(kEnd) || std::from_chars(digits, digits + 8, size).ptr != digits + 8) return std::nullopt;
  std::string stamp(size, '\0');
  if (!in.seekg(-static_cast<std::streamoff>(kEndSize + size), std::ios::end)
           .read(stamp.data(), static_cast<std::streamsize>(size)))
    return std::nullopt;
  return stamp;
}

Status refuse(const fs::path& file, const std::string& why) {
  return {StatusCode::kFailedPrecondition, "module " + file.string() + " " + why};
}

// `compiled` is an entry of the module cache; beside it lies the list of the headers that it was made from.
Result<std::string> make_stamp(const fs::path& source, const fs::path& compiled, const ModuleOptions& options) {
  std::ostringstream stamp;
  stamp << "options " << hash_of(options) << "\nsource " << hash_of_file(source) << "\n";
  std::ifstream headers(fs::path(compiled).replace_extension(".headers"));
  if (!headers) return refuse(source, "changed while it was compiled: build it again");
  std::string hash;
  std::string size_and_time;
  std::string name;
  while (headers >> hash >> size_and_time && headers.get() == ' ' && std::getline(headers, name))
    stamp << "header " << hash << " " << name << "\n";
  std::string size = std::to_string(stamp.str().size());
  size.insert(0, 8 - size.size(), '0');
  return stamp.str() + std::string(kEnd) + size + "\n";
}

}  // namespace

fs::path prebuilt_path(const fs::path& source) { return fs::path(source).replace_extension(".so"); }

Status build_module(const fs::path& source, const fs::path& output, const ModuleOptions& options) {
  Result<fs::path> compiled = compile_module(source, options);
  if (!compiled) return std::move(compiled).error();
  Result<std::string> stamp = make_stamp(source, *compiled, options);
  if (!stamp) return std::move(stamp).error();
  // Under another name first: a program that has the old one loaded keeps it.
  const fs::path draft = output.string() + "." + std::to_string(getpid()) + ".tmp";
  std::error_code error;
  fs::copy_file(*compiled, draft, fs::copy_options::overwrite_existing, error);
  if (!error) {
    std::ofstream out(draft, std::ios::binary | std::ios::app);
    out << *stamp;
    if (!out.flush()) error.assign(errno, std::generic_category());
  }
  if (!error) fs::rename(draft, output, error);
  if (!error) return {};
  std::error_code ignored;
  fs::remove(draft, ignored);
  return refuse(output, "can not be written: " + error.message());
}

Prebuilt check_prebuilt(const fs::path& shared_object, const fs::path& source, const ModuleOptions& options) {
  const std::optional<std::string> stamp = read_stamp(shared_object);
  if (!stamp) return Prebuilt::kNone;
  std::istringstream lines(*stamp);
  std::string kind;
  std::string hash;
  while (lines >> kind >> hash) {
    std::string name;
    if (kind == "header" && (lines.get() != ' ' || !std::getline(lines, name))) return Prebuilt::kNone;
    std::error_code error;
    if (kind == "options" && hash != hash_of(options)) return Prebuilt::kStale;
    if (kind == "source" && hash != hash_of_file(source)) return Prebuilt::kStale;
    if (kind != "header") continue;
    const fs::path header = source.parent_path() / name;
    if (fs::exists(header, error) && hash != hash_of_file(header)) return Prebuilt::kStale;
  }
  return Prebuilt::kFits;
}

}  // namespace jina
