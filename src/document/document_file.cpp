#include "jina/document_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>

#include "document/document_codec.hpp"
#include "wire/pb_reader.hpp"
#include "wire/pb_writer.hpp"

namespace jina {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void throw_errno(const std::string& what, const fs::path& path) {
  throw std::system_error(errno, std::generic_category(), what + " " + path.string());
}

// An open file of ours: closed at the end, and on disk before that if sync() was called.
class OpenFile {
 public:
  OpenFile(fs::path path, int flags) : path_(std::move(path)), descriptor_(::open(path_.c_str(), flags | O_CLOEXEC, 0644)) {
    if (descriptor_ < 0) throw_errno("cannot open", path_);
  }
  ~OpenFile() { ::close(descriptor_); }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;

  void write(std::string_view bytes) const {
    while (!bytes.empty()) {
      const ssize_t count = ::write(descriptor_, bytes.data(), bytes.size());
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) throw_errno("cannot write", path_);
      bytes.remove_prefix(static_cast<std::size_t>(count));
    }
  }
  void write(const Buffer& buffer) const {
    for (const Bytes& piece : buffer.pieces()) write(piece.view());
  }
  void sync() const {
    if (::fsync(descriptor_) != 0) throw_errno("cannot write", path_);
  }

 private:
  fs::path path_;
  int descriptor_;
};

void write_documents(const OpenFile& file, const DocumentArray& docs) {
  constexpr std::size_t kBlock = 1 << 20;
  std::string block;
  for (const Document& doc : docs) {
    const Buffer encoded = encode_document(doc);
    wire::PbWriter(block).prefix(1, encoded.size());
    for (const Bytes& piece : encoded.pieces()) block += piece.view();
    if (block.size() < kBlock) continue;
    file.write(block);
    block.clear();
  }
  file.write(block);
  file.sync();
}

fs::path folder_of(const fs::path& path) { return path.has_parent_path() ? path.parent_path() : fs::path("."); }

std::string read_all(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  if (!in.good() && !in.eof()) throw_errno("cannot read", path);
  return bytes;
}

}  // namespace

DocumentArray DocumentFile::load() {
  cut_bytes_ = 0;
  DocumentArray docs;
  if (!fs::exists(path_)) return docs;
  const Bytes bytes = Bytes::take(read_all(path_));
  const auto refuse = [&](std::size_t offset, const std::string& why) {
    throw std::invalid_argument(path_.string() + ": byte " + std::to_string(offset) + ": " + why +
                                "; it is no file of Documents (docarray.DocumentArrayProto), or it is damaged");
  };
  wire::PbReader reader(bytes.view());
  while (reader.next()) {
    const auto offset = reader.offset() - reader.raw().size();
    if (!reader.is(1, wire::WireType::kLengthDelimited)) refuse(offset, "a field that such a file does not have");
    const auto begin = static_cast<std::size_t>(reader.bytes().data() - bytes.data());
    Result<Document> doc = decode_document(bytes.slice(begin, reader.bytes().size()));
    if (!doc) refuse(offset, doc.error().message);
    docs.push_back(std::move(*doc));
  }
  if (!reader.failed()) return docs;
  const std::size_t end = reader.offset();
  if (bytes.data()[end] != static_cast<char>(wire::make_tag(1, wire::WireType::kLengthDelimited)))
    refuse(end, "no Document begins here");
  // A damaged length looks the same as an end that is missing: what goes is kept beside the file.
  fs::path rest = path_;
  rest += ".cut";
  const OpenFile kept(rest, O_WRONLY | O_CREAT | O_TRUNC);
  kept.write(bytes.view().substr(end));
  kept.sync();
  fs::resize_file(path_, end);
  cut_bytes_ = bytes.size() - end;
  return docs;
}

void DocumentFile::append(const DocumentArray& docs) {
  if (docs.empty()) return;
  fs::create_directories(folder_of(path_));
  write_documents(OpenFile(path_, O_WRONLY | O_CREAT | O_APPEND), docs);
}

void DocumentFile::replace(const DocumentArray& docs) {
  fs::create_directories(folder_of(path_));
  fs::path draft = path_;
  draft += ".part";
  write_documents(OpenFile(draft, O_WRONLY | O_CREAT | O_TRUNC), docs);
  fs::rename(draft, path_);
  // The new name is on disk when its folder is.
  OpenFile(folder_of(path_), O_RDONLY | O_DIRECTORY).sync();
}

}  // namespace jina
