#include "app/files/file_answer.hpp"

#include "app/files/byte_range.hpp"
#include "app/files/file_body.hpp"
#include "app/files/http_time.hpp"
#include "document/mime_types.hpp"
#include "jina/app_result.hpp"
#include "protocol/http/syntax.hpp"
#include "protocol/http/url.hpp"

namespace jina::app {
namespace {

constexpr std::uint64_t kWholeBelow = 64 * 1024;  // such files are answered in one piece when they are in memory

void add(HttpResponse& response, std::string_view name, std::string value) {
  if (find_value(response.headers, name) == nullptr) response.headers.emplace_back(name, std::move(value));
}

std::string_view without_weakness(std::string_view tag) { return tag.starts_with("W/") ? tag.substr(2) : tag; }

// If-None-Match counts more than If-Modified-Since (RFC 9110, 13.2.2).
bool not_modified(const HttpRequest& request, std::string_view etag, std::time_t modified) {
  if (const std::string* tags = find_value(request.headers, "if-none-match")) {
    bool same = false;
    http::for_each_element(*tags, [&](std::string_view tag) { same = same || tag == "*" || without_weakness(tag) == etag; });
    return same;
  }
  const std::optional<std::time_t> since = parse_http_time(request.header("if-modified-since"));
  return since && modified <= *since;
}

// A range of a file that changed since the client got its first part would not fit to that.
ByteRange range_of(const HttpRequest& request, const OpenFile& file) {
  const std::string* range = find_value(request.headers, "range");
  if (range == nullptr) return {};
  if (const std::string* condition = find_value(request.headers, "if-range")) {
    const bool same = condition->starts_with('"') ? *condition == file.etag() : *condition == http_time(file.modified());
    if (!same) return {};
  }
  return parse_range(*range, file.size());
}

// A name that every browser gets, and the real one for those that know RFC 6266.
std::string disposition(const std::string& name) {
  std::string plain;
  bool same = true;
  for (const char c : name) {
    const bool good = c >= 0x20 && c < 0x7f && c != '"' && c != '\\' && c != '/';
    plain += good ? c : '_';
    same = same && good;
  }
  std::string text = "attachment; filename=\"" + plain + "\"";
  if (!same) text += "; filename*=UTF-8''" + http::percent_encode(name);
  return text;
}

void put_content(HttpResponse& response, OpenFile file, std::uint64_t offset, std::uint64_t size) {
  if (size == 0) return;
  if (size <= kWholeBelow) {
    char* out = nullptr;
    Bytes whole = Bytes::allocate(static_cast<std::size_t>(size), out);
    if (file.read_cached(out, static_cast<std::size_t>(size), offset) == size) {
      response.body = std::move(whole);
      return;
    }
  }
  response.stream = std::make_shared<FileBody>(std::move(file), offset, size);
  response.stream_size = size;
}

}  // namespace

std::string media_type_of(const std::string& name) {
  // guess_mime_type says what is in a compressed file.
  if (name.ends_with(".gz")) return "application/gzip";
  if (name.ends_with(".bz2")) return "application/x-bzip2";
  if (name.ends_with(".xz")) return "application/x-xz";
  std::string type = guess_mime_type("/" + name);
  if (type.empty()) return "application/octet-stream";
  if (type.starts_with("text/") || type == "application/javascript" || type == "application/json") type += "; charset=utf-8";
  return type;
}

void put_open_file(HttpResponse& response, const HttpRequest& request, OpenFile file, const FileFacts& facts) {
  const std::string etag = file.etag();
  add(response, "accept-ranges", "bytes");
  add(response, "etag", etag);
  add(response, "last-modified", http_time(file.modified()));
  if (!facts.cache_control.empty()) add(response, "cache-control", facts.cache_control);
  const bool reading = request.method == "GET" || request.method == "HEAD";
  if (reading && response.status == 200 && not_modified(request, etag, file.modified())) {
    response.status = 304;
    return;
  }
  const ByteRange range = reading && response.status == 200 ? range_of(request, file) : ByteRange{};
  const std::string size = std::to_string(file.size());
  if (range.kind == ByteRange::Kind::kUnsatisfiable) {
    response.status = 416;
    response.set_header("content-range", "bytes */" + size);
    response.set_header("content-type", "application/json");
    response.body = Bytes::of_static(R"({"detail":"Range Not Satisfiable"})");
    return;
  }
  add(response, "content-type", facts.media_type);
  if (!facts.download_name.empty()) add(response, "content-disposition", disposition(facts.download_name));
  if (range.kind == ByteRange::Kind::kWhole) {
    const std::uint64_t whole = file.size();
    return put_content(response, std::move(file), 0, whole);
  }
  response.status = 206;
  response.set_header("content-range", "bytes " + std::to_string(range.first) + "-" + std::to_string(range.last) + "/" + size);
  put_content(response, std::move(file), range.first, range.last - range.first + 1);
}

void read_on(const HttpResponse& response, std::shared_ptr<WorkerPool> workers) {
  if (auto* file = dynamic_cast<FileBody*>(response.stream.get())) file->read_on(std::move(workers));
}

void detail::put_file(HttpResponse& response, const HttpRequest& request, File file) {
  std::optional<OpenFile> open = OpenFile::open(file.path);
  if (!open) return put_missing(response);
  FileFacts facts{std::move(file.media_type), std::move(file.download_name)};
  if (facts.media_type.empty()) facts.media_type = media_type_of(file.path.filename().string());
  put_open_file(response, request, *std::move(open), facts);
}

}  // namespace jina::app
