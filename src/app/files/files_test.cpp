// Files as answers, and folders that must not give more than what is in them.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "app/app_test_server.hpp"
#include "app/app_test_support.hpp"
#include "app/files/byte_range.hpp"
#include "app/files/file_answer.hpp"
#include "app/files/folder.hpp"
#include "app/files/http_time.hpp"

namespace jina::app::testing {
namespace {

namespace fs = std::filesystem;

class Files : public ::testing::Test {
 protected:
  Files() {
    char name[] = "/tmp/jina_files_test.XXXXXX";
    root_ = ::mkdtemp(name);
    fs::create_directories(root_ / "www/sub");
    write("www/a.txt", "0123456789");
    write("www/empty.bin", "");
    write("www/sub/index.html", "<p>sub</p>");
    write("www/a b%.txt", "odd");
    write("www/.secret", "hidden");
    write("outside.txt", "outside");
  }
  ~Files() override { fs::remove_all(root_); }
  void write(const std::string& name, const std::string& content) { std::ofstream(root_ / name) << content; }

  fs::path root_;
};

TEST(ByteRange, Table) {
  const auto part = [](std::uint64_t first, std::uint64_t last) { return ByteRange{ByteRange::Kind::kPart, first, last}; };
  const ByteRange whole{}, none{ByteRange::Kind::kUnsatisfiable};
  EXPECT_EQ(parse_range("bytes=0-0", 10), part(0, 0));
  EXPECT_EQ(parse_range("bytes=2-5", 10), part(2, 5));
  EXPECT_EQ(parse_range("bytes=2-", 10), part(2, 9));
  EXPECT_EQ(parse_range("bytes=-3", 10), part(7, 9));
  EXPECT_EQ(parse_range("bytes=-30", 10), part(0, 9));
  EXPECT_EQ(parse_range("bytes=9-99999999999999999999999", 10), part(9, 9));
  EXPECT_EQ(parse_range("Bytes = 1 - 2 ", 10), part(1, 2));
  EXPECT_EQ(parse_range("bytes=10-", 10), none);
  EXPECT_EQ(parse_range("bytes=99999999999999999999999-", 10), none);
  EXPECT_EQ(parse_range("bytes=-0", 10), none);
  EXPECT_EQ(parse_range("bytes=0-", 0), none);
  EXPECT_EQ(parse_range("bytes=-1", 0), none);
  for (const char* ignored : {"", "bytes", "bytes=", "bytes=-", "bytes=5-2", "bytes=a-b", "bytes=1-2-3", "bytes=+1-2", "bytes=1",
                              "lines=1-2", "bytes=0-1,3-4", "bytes=--1", "bytes=0x1-2", "bytes=1- -2"})
    EXPECT_EQ(parse_range(ignored, 10), whole) << ignored;
}

TEST(HttpTime, ThereAndBack) {
  EXPECT_EQ(http_time(784111777), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(parse_http_time("Sun, 06 Nov 1994 08:49:37 GMT"), 784111777);
  for (const char* wrong : {"", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994", "Sun, 06 Nov 1994 08:49:37 CET",
                            "Sun, 06 Nix 1994 08:49:37 GMT", "Sun, 66 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:-9:37 GMT"})
    EXPECT_FALSE(parse_http_time(wrong)) << wrong;
}

TEST_F(Files, OfAFolder) {
  AppFixture fixture;
  fixture.app.mount_files("/static", root_ / "www", {.cache_control = "max-age=60"});
  const http::Response text = fixture.send("GET", "/static/a.txt");
  EXPECT_EQ(text.status, 200);
  EXPECT_EQ(text.body.str(), "0123456789");
  EXPECT_EQ(header(text, "content-type"), "text/plain; charset=utf-8");
  EXPECT_EQ(header(text, "accept-ranges"), "bytes");
  EXPECT_EQ(header(text, "cache-control"), "max-age=60");
  EXPECT_EQ(fixture.get("/static/a%20b%25.txt"), "200 odd");
  EXPECT_EQ(fixture.get("/static/empty.bin"), "200 ");
  EXPECT_EQ(fixture.get("/static/sub/"), "200 <p>sub</p>");
  EXPECT_EQ(header(fixture.send("GET", "/static/sub?x=1"), "location"), "./sub/?x=1");
  EXPECT_EQ(fixture.get("/static/"), R"(404 {"detail":"Not Found"})");
  EXPECT_EQ(fixture.send("POST", "/static/a.txt").status, 405);
  EXPECT_EQ(fixture.send("HEAD", "/static/a.txt").status, 200);
}

TEST_F(Files, NothingOutsideOfTheFolder) {
  fs::create_symlink(root_ / "outside.txt", root_ / "www/link_out.txt");
  fs::create_symlink("..", root_ / "www/up");
  fs::create_symlink("a.txt", root_ / "www/link_in.txt");
  fs::create_directory(root_ / "www-other");
  write("www-other/x.txt", "other");
  fs::create_symlink("../www-other", root_ / "www/sibling");
  ASSERT_EQ(::mkfifo((root_ / "www/pipe").c_str(), 0600), 0);
  AppFixture fixture;
  fixture.app.mount_files("/static", root_ / "www");
  EXPECT_EQ(fixture.get("/static/link_in.txt"), "200 0123456789");
  for (const char* path : {"/static/../outside.txt",
                           "/static/%2e%2e/outside.txt",
                           "/static/..%2foutside.txt",
                           "/static/sub/../../outside.txt",
                           "/static/sub%2f..%2f..%2foutside.txt",
                           "/static/./a.txt",
                           "/static//a.txt",
                           "/static/%2fetc/passwd",
                           "/static//etc/passwd",
                           "/static/a.txt/",
                           "/static/a.txt%2f",
                           "/static/link_out.txt",
                           "/static/up/outside.txt",
                           "/static/sibling/x.txt",
                           "/static/sibling",
                           "/static/.secret",
                           "/static/sub/.",
                           "/static/pipe",
                           "/static/..",
                           "/static/..%5coutside.txt",
                           "/static/%252e%252e/outside.txt",
                           "/static/%c0%ae%c0%ae/outside.txt",
                           "/static/a.txt%0a"})
    EXPECT_EQ(fixture.send("GET", path).status, 404) << path;
  EXPECT_THROW(fixture.get("/static/a.txt%00.html"), std::invalid_argument);  // the server answers 400 before any App

  const Folder folder(root_ / "www");
  EXPECT_FALSE(folder.find(std::string_view("a.txt\0", 6)).file);
  EXPECT_FALSE(folder.find(std::string(5000, 'a')).file);
  EXPECT_TRUE(Folder(root_ / "www", true).find(".secret").file);
  EXPECT_FALSE(Folder(root_ / "www", true).find("..").is_folder);
}

TEST_F(Files, AFolderThatIsALinkItself) {
  fs::create_directory_symlink(root_ / "www", root_ / "link");
  AppFixture fixture;
  fixture.app.mount_files("/", root_ / "link", {.index = ""});
  EXPECT_EQ(fixture.get("/a.txt"), "200 0123456789");
  EXPECT_EQ(fixture.send("GET", "/sub/").status, 404);
  EXPECT_THAT(refused([&] { fixture.app.mount_files("/x", root_ / "nowhere"); }), ::testing::HasSubstr("there is no folder"));
  EXPECT_THAT(refused([&] { fixture.app.mount_files("x", root_); }), ::testing::HasSubstr("must start with"));
}

TEST_F(Files, Conditions) {
  AppFixture fixture;
  fixture.app.mount_files("/static", root_ / "www");
  const http::Response first = fixture.send("GET", "/static/a.txt");
  const std::string etag = header(first, "etag"), modified = header(first, "last-modified");
  const auto status = [&](Metadata headers, const char* method = "GET") {
    return fixture.send(method, "/static/a.txt", {}, std::move(headers)).status;
  };
  EXPECT_EQ(status({{"if-none-match", etag}}), 304);
  EXPECT_EQ(status({{"if-none-match", "\"x\", W/" + etag}}), 304);
  EXPECT_EQ(status({{"if-none-match", "*"}}, "HEAD"), 304);
  EXPECT_EQ(status({{"if-none-match", "\"x\""}, {"if-modified-since", modified}}), 200);
  EXPECT_EQ(status({{"if-modified-since", modified}}), 304);
  EXPECT_EQ(status({{"if-modified-since", "Sun, 06 Nov 1994 08:49:37 GMT"}}), 200);
  EXPECT_EQ(status({{"if-modified-since", "yesterday"}}), 200);
  const http::Response same = fixture.send("GET", "/static/a.txt", {}, {{"if-none-match", etag}});
  EXPECT_TRUE(same.body.empty());
  EXPECT_EQ(header(same, "etag"), etag);
  // A file of the same size, written anew.
  fs::last_write_time(root_ / "www/a.txt", fs::last_write_time(root_ / "www/a.txt") + std::chrono::milliseconds(1));
  EXPECT_EQ(status({{"if-none-match", etag}}), 200);
}

TEST_F(Files, Ranges) {
  AppFixture fixture;
  fixture.app.mount_files("/static", root_ / "www");
  const auto ask = [&](Metadata headers) { return fixture.send("GET", "/static/a.txt", {}, std::move(headers)); };
  const http::Response part = ask({{"range", "bytes=2-4"}});
  EXPECT_EQ(part.status, 206);
  EXPECT_EQ(part.body.str(), "234");
  EXPECT_EQ(header(part, "content-range"), "bytes 2-4/10");
  const http::Response none = ask({{"range", "bytes=10-"}});
  EXPECT_EQ(none.status, 416);
  EXPECT_EQ(header(none, "content-range"), "bytes */10");
  EXPECT_EQ(ask({{"range", "bytes=0-1,4-5"}}).body.str(), "0123456789");
  const std::string etag = header(part, "etag"), modified = header(part, "last-modified");
  EXPECT_EQ(ask({{"range", "bytes=2-4"}, {"if-range", etag}}).status, 206);
  EXPECT_EQ(ask({{"range", "bytes=2-4"}, {"if-range", modified}}).status, 206);
  EXPECT_EQ(ask({{"range", "bytes=2-4"}, {"if-range", "W/" + etag}}).status, 200);
  EXPECT_EQ(ask({{"range", "bytes=2-4"}, {"if-range", "\"other\""}}).status, 200);
}

struct Name {
  std::string name;
};
BOOST_DESCRIBE_STRUCT(Name, (), (name))

TEST_F(Files, OfAHandler) {
  AppFixture fixture;
  fixture.app.get("/download", [this] { return File{root_ / "www/a.txt", "text/x-own", "r\u00e9sum\u00e9 \"1\".txt"}; });
  fixture.app.get("/plain", [this] { return File{root_ / "www/sub/index.html"}; });
  fixture.app.get("/missing", [this] { return File{root_ / "nothing"}; });
  fixture.app.get("/folder", [this] { return File{root_ / "www"}; });
  fixture.app.post("/made", [this] { return With<File>{201, File{root_ / "www/a.txt"}}; });
  const http::Response download = fixture.send("GET", "/download");
  EXPECT_EQ(header(download, "content-type"), "text/x-own");
  EXPECT_EQ(header(download, "content-disposition"),
            "attachment; filename=\"r__sum__ _1_.txt\"; filename*=UTF-8''r%C3%A9sum%C3%A9%20%221%22.txt");
  EXPECT_EQ(header(fixture.send("GET", "/plain"), "content-type"), "text/html; charset=utf-8");
  EXPECT_EQ(fixture.send("GET", "/missing").status, 404);
  EXPECT_EQ(fixture.send("GET", "/folder").status, 404);
  // Conditions and ranges are for reading.
  EXPECT_EQ(fixture.send("POST", "/made", {}, {{"range", "bytes=0-1"}, {"if-none-match", "*"}}).status, 201);
}

TEST(MediaTypes, OfNames) {
  EXPECT_EQ(media_type_of("a.html"), "text/html; charset=utf-8");
  EXPECT_EQ(media_type_of("a.PNG"), "image/png");
  EXPECT_EQ(media_type_of("a.tar.gz"), "application/gzip");
  EXPECT_EQ(media_type_of("data:text,x"), "application/octet-stream");
  EXPECT_EQ(media_type_of("noending"), "application/octet-stream");
}

TEST_F(Files, LargeOnesAreStreamed) {
  std::string content;
  for (int i = 0; content.size() < 3'000'000; ++i) content += std::to_string(i) + ",";
  write("www/large.txt", content);
  AppTestServer server;
  server.app.mount_files("/static", root_ / "www");
  server.start();
  const std::string answer = server.ask("GET", "/static/large.txt");
  EXPECT_EQ(header_of(answer, "content-length"), std::to_string(content.size()));
  EXPECT_EQ(body_of(answer), content);
  const std::string part = server.ask("GET", "/static/large.txt", "range: bytes=1000000-1999999\r\n");
  EXPECT_EQ(status_of(part), "206");
  EXPECT_EQ(body_of(part), content.substr(1'000'000, 1'000'000));
  const std::string head = server.ask("HEAD", "/static/large.txt");
  EXPECT_EQ(header_of(head, "content-length"), std::to_string(content.size()));
  EXPECT_EQ(body_of(head), "");

  // More than socket buffers take, and not in memory: read by a worker. Then shorter than its length said: cut.
  constexpr std::uint64_t kSize = 200'000'000;
  fs::resize_file(root_ / "www/large.txt", kSize);
  protocol::TestClient client(server.port());
  client.send("GET /static/large.txt HTTP/1.1\r\nhost: test\r\n\r\n");
  const std::string begin = client.read_until("\r\n\r\n");
  EXPECT_EQ(header_of(begin, "content-length"), std::to_string(kSize));
  EXPECT_EQ(client.read_exactly(content.size()), content);
  fs::resize_file(root_ / "www/large.txt", 0);
  EXPECT_LT(client.read_to_end().size(), kSize - content.size());
}

}  // namespace
}  // namespace jina::app::testing
