#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <stdexcept>

#include "app/middleware/deflater.hpp"
#include "app/middleware/support.hpp"
#include "jina/middleware.hpp"

namespace jina::middleware {
namespace {

using app::Coding;
using app::Deflater;

// What is compressed between two turns of the event loop: about a millisecond.
constexpr std::size_t kTurn = 64 * 1024;

// Compresses while it is sent: either a stream, each piece so that the client can read all of it, or a large body in turns, so that
// other requests of the thread do not wait for all of it.
class CompressedBody final : public BodyStream {
 public:
  CompressedBody(std::shared_ptr<BodyStream> inner, Bytes rest, Coding coding, int level)
      : inner_(std::move(inner)), rest_(std::move(rest)), deflater_(coding, level) {}

  Task<std::optional<Bytes>> next() override {
    while (!finished_) {
      std::string out;
      if (inner_) {
        Task<std::optional<Bytes>> task = inner_->next();
        const std::optional<Bytes> piece = co_await std::move(task);
        finished_ = !piece;
        out = piece ? deflater_.add(piece->view(), Deflater::Flush::kPiece) : deflater_.add({}, Deflater::Flush::kFinish);
      } else {
        const Bytes piece = rest_.slice(0, kTurn);
        rest_ = rest_.slice(piece.size());
        finished_ = rest_.empty();
        out = deflater_.add(piece.view(), finished_ ? Deflater::Flush::kFinish : Deflater::Flush::kNo);
        const boost::asio::any_io_executor executor = co_await boost::asio::this_coro::executor;
        co_await boost::asio::post(executor, boost::asio::use_awaitable);
      }
      if (!out.empty()) co_return Bytes::take(std::move(out));
    }
    co_return std::nullopt;
  }

 private:
  std::shared_ptr<BodyStream> inner_;
  Bytes rest_;
  Deflater deflater_;
  bool finished_ = false;
};

class Compression {
 public:
  explicit Compression(CompressionOptions options) : options_(std::move(options)) {
    if (options_.level < 1 || options_.level > 9) throw std::invalid_argument("compression: level is 1 to 9");
  }

  void apply(const HttpRequest& request, HttpResponse& response) const {
    if (!is_candidate(response)) return;
    // Also for clients that take no compression: a cache must not give them what another one got.
    app::add_vary(response.headers, "Accept-Encoding");
    const Coding coding = app::choose_coding(request.header("accept-encoding"));
    if (coding == Coding::kNone) return;
    if (response.stream || response.body.size() > kTurn) {
      response.stream =
          std::make_shared<CompressedBody>(std::move(response.stream), std::move(response.body), coding, options_.level);
      response.stream_size.reset();
      response.body = Bytes();
    } else {
      Deflater deflater(coding, options_.level);
      response.body = Bytes::take(deflater.add(response.body.view(), Deflater::Flush::kFinish));
    }
    response.set_header("content-encoding", std::string(app::name_of(coding)));
    std::erase_if(response.headers,
                  [](const auto& header) { return header.first == "accept-ranges" || header.first == "content-length"; });
    // Other bytes are another representation: the tag does not promise the same bytes any more.
    for (auto& [name, value] : response.headers)
      if (name == "etag" && !value.starts_with("W/")) value.insert(0, "W/");
  }

 private:
  bool is_candidate(const HttpResponse& response) const {
    if (response.status < 200 || response.status == 204 || response.status == 206 || response.status == 304) return false;
    if (find_value(response.headers, "content-encoding") != nullptr) return false;
    const std::string* cache = find_value(response.headers, "cache-control");
    if (cache != nullptr && cache->find("no-transform") != std::string::npos) return false;
    if (response.stream ? response.stream_size && *response.stream_size < options_.min_bytes
                        : response.body.size() < options_.min_bytes)
      return false;
    const std::string* type = find_value(response.headers, "content-type");
    return type != nullptr && is_worth_it(http::trim(std::string_view(*type).substr(0, type->find(';'))));
  }

  bool is_worth_it(std::string_view type) const {
    return std::any_of(options_.media_types.begin(), options_.media_types.end(), [type](std::string_view wanted) {
      if (wanted.starts_with('*')) return type.ends_with(wanted.substr(1));
      if (wanted.ends_with('*')) return type.starts_with(wanted.substr(0, wanted.size() - 1));
      return http::equal_nocase(type, wanted);
    });
  }

  CompressionOptions options_;
};

Task<HttpResponse> run(const Compression& compression, HttpRequest& request, const Next& next) {
  Task<HttpResponse> rest = next(request);
  HttpResponse response = co_await std::move(rest);
  compression.apply(request, response);
  co_return response;
}

}  // namespace

Middleware compression(CompressionOptions options) {
  return [compression = std::make_shared<const Compression>(std::move(options))](
             HttpRequest& request, RequestContext&, const Next& next) { return run(*compression, request, next); };
}

}  // namespace jina::middleware
