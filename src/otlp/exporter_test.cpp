// The exporter against a collector in this process, over real sockets.
#include "otlp/exporter.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <condition_variable>
#include <future>
#include <mutex>
#include <sstream>
#include <thread>

#include "protocol/grpc/compression.hpp"
#include "protocol/server/server.hpp"
#include "wire/pb_reader.hpp"
#include "wire/pb_writer.hpp"

namespace jina::otlp {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

// The names of the spans in a request.
std::vector<std::string> span_names(std::string_view request) {
  std::vector<std::string> names;
  const std::function<void(std::string_view, int)> walk = [&](std::string_view bytes, int depth) {
    wire::PbReader reader(bytes);
    while (reader.next()) {
      if (reader.type() != wire::WireType::kLengthDelimited) continue;
      if (depth == 3 && reader.field() == 5) names.emplace_back(reader.bytes());
      if ((depth == 0 && reader.field() == 1) || ((depth == 1 || depth == 2) && reader.field() == 2))
        walk(reader.bytes(), depth + 1);
    }
  };
  walk(request, 0);
  return names;
}

// Answers as told, then OK; keeps what it took.
class Collector final : public http::Handler {
 public:
  struct Answer {
    int code = 0;  ///< of gRPC, or the HTTP status
    std::string details{};
    std::string message{};
  };

  explicit Collector(std::vector<Answer> answers = {}) : answers_(answers.begin(), answers.end()) {
    table_.add_unary("/opentelemetry.proto.collector.trace.v1.TraceService/Export",
                     [this](std::shared_ptr<grpc::ServerCall> call, Buffer message) {
                       const Answer answer = take(message.str(), call->context().metadata, 0);
                       Metadata trailing;
                       if (!answer.details.empty()) trailing.emplace_back("grpc-status-details-bin", answer.details);
                       call->reply({status_code_from(answer.code), answer.code == 0 ? "" : "not now"},
                                   Buffer::copy_of(answer.message), std::move(trailing));
                     });
    server_ = std::make_unique<protocol::Server>(io_, protocol::ServerOptions{.host = "127.0.0.1"}, &table_, this);
    port_ = server_->listen().value();
    thread_ = std::thread([this] { io_.run(); });
  }
  ~Collector() override {
    std::promise<void> stopped;
    boost::asio::post(io_, [&] { server_->stop(0ms, [&] { stopped.set_value(); }); });
    stopped.get_future().wait();
    work_.reset();
    thread_.join();
  }

  Task<http::Response> handle(RequestContext&, http::Request request) override {
    std::string body = request.body.str();
    const std::string* coding = find_value(request.headers, "content-encoding");
    if (coding != nullptr) body = grpc::decompress(request.body, grpc::Compression::kGzip, 1 << 20).value().str();
    const Answer answer = take(std::move(body), request.headers, 200);
    http::Response response;
    response.status = answer.code;
    if (!answer.details.empty()) response.headers.emplace_back("retry-after", answer.details);
    response.body = Buffer::copy_of(answer.message);
    co_return response;
  }

  std::uint16_t port() const noexcept { return port_; }
  std::vector<std::string> names() {
    const std::lock_guard lock(mutex_);
    return names_;
  }
  int requests() {
    const std::lock_guard lock(mutex_);
    return requests_;
  }
  Metadata metadata() {
    const std::lock_guard lock(mutex_);
    return metadata_;
  }

 private:
  Answer take(std::string body, const Metadata& metadata, int ok) {
    const std::lock_guard lock(mutex_);
    ++requests_;
    metadata_ = metadata;
    Answer answer{.code = ok};
    if (!answers_.empty()) {
      answer = answers_.front();
      answers_.pop_front();
    }
    if (answer.code == ok)
      for (std::string& name : span_names(body)) names_.push_back(std::move(name));
    return answer;
  }

  std::mutex mutex_;
  std::deque<Answer> answers_;
  std::vector<std::string> names_;
  Metadata metadata_;
  int requests_ = 0;
  boost::asio::io_context io_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{io_.get_executor()};
  grpc::ServiceTable table_;
  std::unique_ptr<protocol::Server> server_;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

// What was logged while it lived.
class Log {
 public:
  Log() : before_(spdlog::default_logger()) {
    spdlog::set_default_logger(std::make_shared<spdlog::logger>("test", std::make_shared<spdlog::sinks::ostream_sink_mt>(text_)));
  }
  ~Log() { spdlog::set_default_logger(before_); }
  std::string text() const { return text_.str(); }
  std::size_t lines() const {
    const std::string all = text();
    return static_cast<std::size_t>(std::count(all.begin(), all.end(), '\n'));
  }

 private:
  std::ostringstream text_;
  std::shared_ptr<spdlog::logger> before_;
};

class ExporterTest : public testing::TestWithParam<ExportProtocol> {
 protected:
  ExportOptions to(std::uint16_t port) const {
    ExportOptions options;
    options.protocol = GetParam();
    options.endpoint.host = "127.0.0.1";
    options.endpoint.port = port;
    if (GetParam() == ExportProtocol::kHttpProtobuf) options.endpoint.path = "/v1/traces";
    options.delay = std::chrono::hours(1);  // only what the test asks for moves
    options.backoff = 5ms;
    options.longest_backoff = 20ms;
    return options;
  }
  int unavailable() const { return GetParam() == ExportProtocol::kGrpc ? 14 : 503; }
  int refused() const { return GetParam() == ExportProtocol::kGrpc ? 3 : 400; }

  Log log_;
};

INSTANTIATE_TEST_SUITE_P(Protocols, ExporterTest, testing::Values(ExportProtocol::kGrpc, ExportProtocol::kHttpProtobuf),
                         [](const auto& info) { return info.param == ExportProtocol::kGrpc ? "Grpc" : "Http"; });

TEST_P(ExporterTest, SendsOnFlushOnAFullBatchAndAtTheEnd) {
  Collector collector;
  ExportOptions options = to(collector.port());
  options.limits.batch = 3;
  options.headers = {{"api-key", "k"}};
  Exporter exporter(std::move(options));
  TracerProvider provider(exporter.queue());
  const Tracer tracer = provider.tracer("t");
  tracer.start_span("a");
  EXPECT_TRUE(provider.force_flush());
  EXPECT_THAT(collector.names(), ElementsAre("a"));
  ASSERT_NE(find_value(collector.metadata(), "api-key"), nullptr);
  for (const char* name : {"b", "c", "d"}) tracer.start_span(name);
  const auto until = std::chrono::steady_clock::now() + 10s;
  while (exporter.queue()->counts().exported < 4 && std::chrono::steady_clock::now() < until) std::this_thread::yield();
  EXPECT_THAT(collector.names(), ElementsAre("a", "b", "c", "d"));
  tracer.start_span("e");
  exporter.shutdown(10s);
  EXPECT_THAT(collector.names(), ElementsAre("a", "b", "c", "d", "e"));
  tracer.start_span("late");
  EXPECT_EQ(exporter.queue()->counts().dropped, 1U);
  EXPECT_EQ(log_.text(), "");
}

TEST_P(ExporterTest, ComesBackUntilTheCollectorTakesIt) {
  Collector collector({{unavailable()}, {unavailable()}});
  Exporter exporter(to(collector.port()));
  TracerProvider provider(exporter.queue());
  provider.tracer("t").start_span("a");
  EXPECT_TRUE(provider.force_flush());
  EXPECT_EQ(collector.requests(), 3);
  EXPECT_THAT(collector.names(), ElementsAre("a"));
  EXPECT_EQ(log_.lines(), 2U) << log_.text();  // that it failed, that it works again
}

TEST_P(ExporterTest, WaitsAsLongAsTheCollectorAsks) {
  // google.rpc.Status{details: Any{RetryInfo{0.3 s}}}, or Retry-After: 1
  std::string details = "1";
  if (GetParam() == ExportProtocol::kGrpc) {
    std::string duration, info, any;
    wire::PbWriter(duration).varint(2, 300'000'000);
    wire::PbWriter(info).bytes(1, duration);
    wire::PbWriter(any).bytes(1, "type.googleapis.com/google.rpc.RetryInfo");
    wire::PbWriter(any).bytes(2, info);
    details.clear();
    wire::PbWriter(details).bytes(3, any);
  }
  Collector collector({{GetParam() == ExportProtocol::kGrpc ? 8 : 429, details}});
  Exporter exporter(to(collector.port()));
  TracerProvider provider(exporter.queue());
  const auto start = std::chrono::steady_clock::now();
  provider.tracer("t").start_span("a");
  EXPECT_TRUE(provider.force_flush());
  EXPECT_GE(std::chrono::steady_clock::now() - start, 300ms);
  EXPECT_EQ(collector.requests(), 2);
}

TEST_P(ExporterTest, ARefusedBatchIsNotRepeated) {
  Collector collector({{refused()}, {refused()}});
  Exporter exporter(to(collector.port()));
  TracerProvider provider(exporter.queue());
  provider.tracer("t").start_span("a");
  EXPECT_FALSE(provider.force_flush());
  provider.tracer("t").start_span("b");
  EXPECT_FALSE(provider.force_flush());
  EXPECT_EQ(collector.requests(), 2);
  EXPECT_EQ(exporter.queue()->counts().failed, 2U);
  exporter.shutdown(10s);
  EXPECT_THAT(log_.text(), HasSubstr("spans can not be sent to http://127.0.0.1:"));
  EXPECT_THAT(log_.text(), HasSubstr("0 spans exported, 0 dropped because the queue was full, 2 not taken"));
  EXPECT_EQ(log_.lines(), 2U) << log_.text();
}

TEST_P(ExporterTest, GivesUpInTimeWhenNobodyIsThere) {
  ExportOptions options = to(1);  // nobody listens there
  options.give_up = 60ms;
  options.limits.queue = 10;
  Exporter exporter(std::move(options));
  TracerProvider provider(exporter.queue());
  const Tracer tracer = provider.tracer("t");
  for (int i = 0; i < 100; ++i) tracer.start_span("a");  // never waits
  EXPECT_FALSE(provider.force_flush(10s));
  EXPECT_EQ(exporter.queue()->counts().exported, 0U);
  EXPECT_GE(exporter.queue()->counts().failed, 10U);
  EXPECT_THAT(log_.text(), HasSubstr("UNAVAILABLE"));
}

TEST_P(ExporterTest, ShutsDownWithinItsLimitWhileItBacksOff) {
  ExportOptions options = to(1);
  options.backoff = options.longest_backoff = std::chrono::hours(1);
  options.give_up = std::chrono::hours(10);
  Exporter exporter(std::move(options));
  TracerProvider provider(exporter.queue());
  provider.tracer("t").start_span("a");
  EXPECT_FALSE(provider.force_flush(50ms));
  const auto start = std::chrono::steady_clock::now();
  exporter.shutdown(5s);
  EXPECT_LT(std::chrono::steady_clock::now() - start, 4s);
  EXPECT_EQ(exporter.queue()->counts().failed, 1U);
}

// A listener that takes connections and says nothing.
TEST_P(ExporterTest, ShutsDownWithinItsLimitWhileTheCollectorIsSilent) {
  boost::asio::io_context io;
  const boost::asio::ip::tcp::acceptor silent(io, {boost::asio::ip::address_v4::loopback(), 0});
  Exporter exporter(to(silent.local_endpoint().port()));
  TracerProvider provider(exporter.queue());
  provider.tracer("t").start_span("a");
  EXPECT_FALSE(provider.force_flush(20ms));
  const auto start = std::chrono::steady_clock::now();
  exporter.shutdown(50ms);
  EXPECT_LT(std::chrono::steady_clock::now() - start, 4s);
  EXPECT_EQ(exporter.queue()->counts().failed, 1U);
}

TEST_P(ExporterTest, CompressesAndReadsPartialSuccess) {
  std::string partial, response;
  wire::PbWriter(partial).varint(1, 2);
  wire::PbWriter(partial).bytes(2, "too old");
  wire::PbWriter(response).bytes(1, partial);
  Collector collector({{GetParam() == ExportProtocol::kGrpc ? 0 : 200, "", response}});
  ExportOptions options = to(collector.port());
  options.gzip = true;
  Exporter exporter(std::move(options));
  TracerProvider provider(exporter.queue());
  provider.tracer("t").start_span("packed");
  EXPECT_TRUE(provider.force_flush());
  EXPECT_THAT(collector.names(), ElementsAre("packed"));
  exporter.shutdown(10s);
  EXPECT_THAT(log_.text(), HasSubstr("refused 2 spans: too old"));
}

}  // namespace
}  // namespace jina::otlp
