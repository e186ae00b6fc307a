#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <chrono>

#include "app/middleware/path_set.hpp"
#include "app/middleware/support.hpp"
#include "jina/middleware.hpp"

namespace jina::middleware {
namespace {

struct State {
  explicit State(AccessLogOptions given) : options(std::move(given)), skip(options.skip), clock(app::clock_or_real(options.clock)) {
    if (!options.sink) options.sink = [](const std::string& line) { spdlog::info("{}", line); };
  }
  AccessLogOptions options;
  app::PathSet skip;
  const Clock& clock;
};

// What a client chose must not look like another line, or another field.
std::string printable(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte <= 0x20 || byte >= 0x7f || c == '"' || c == '\\') {
      out += fmt::format("%{:02X}", byte);
    } else {
      out += c;
    }
  }
  return out;
}

// Of one request; written once, when its answer is out or nobody wants the rest of it.
class Entry {
 public:
  Entry(std::shared_ptr<const State> state, const HttpRequest& request, const RequestContext& context)
      : state_(std::move(state)),
        method_(request.method),
        path_(request.path),
        peer_(context.peer),
        start_(state_->clock.steady_now()) {
    if (const auto id = request.attributes.find("request_id"); id != request.attributes.end() && id->second.is_string())
      id_ = std::string(id->second.get_string());
  }

  void set_status(int status) noexcept { status_ = status; }
  void count(std::size_t bytes) noexcept { bytes_ += bytes; }

  // A sink that throws loses its line and no more: this runs in destructors too.
  void write() noexcept {
    try {
      write_line();
    } catch (const std::exception& error) {
      spdlog::error("access_log: {}", error.what());
    } catch (...) {
      spdlog::error("access_log: its sink threw something that is no std::exception");
    }
  }

 private:
  void write_line() {
    const double ms = std::chrono::duration<double, std::milli>(state_->clock.steady_now() - start_).count();
    if (state_->options.json) {
      boost::json::object line{{"time", static_cast<double>(state_->clock.system_ns()) / 1e9},
                               {"peer", peer_},
                               {"method", method_},
                               {"path", printable(path_)},
                               {"status", status_},
                               {"bytes", bytes_},
                               {"ms", ms}};
      if (!id_.empty()) line["id"] = id_;
      return state_->options.sink(boost::json::serialize(line));
    }
    std::string line = fmt::format("{} {} {} {} {}B {:.1f}ms", peer_.empty() ? "-" : peer_, printable(method_), printable(path_),
                                   status_, bytes_, ms);
    if (!id_.empty()) line += " id=" + id_;
    state_->options.sink(line);
  }

  std::shared_ptr<const State> state_;
  std::string method_, path_, peer_, id_;
  SteadyTime start_;
  int status_ = 0;
  std::uint64_t bytes_ = 0;
};

class CountedBody final : public BodyStream {
 public:
  CountedBody(std::shared_ptr<BodyStream> inner, Entry entry) : inner_(std::move(inner)), entry_(std::move(entry)) {}
  ~CountedBody() override { entry_.write(); }
  Task<std::optional<Bytes>> next() override {
    Task<std::optional<Bytes>> task = inner_->next();
    std::optional<Bytes> piece = co_await std::move(task);
    if (piece) entry_.count(piece->size());
    co_return piece;
  }

 private:
  std::shared_ptr<BodyStream> inner_;
  Entry entry_;
};

Task<HttpResponse> run(std::shared_ptr<const State> state, HttpRequest& request, RequestContext& context, const Next& next) {
  Entry entry(std::move(state), request, context);
  Task<HttpResponse> rest = next(request);
  HttpResponse response = co_await std::move(rest);
  entry.set_status(response.status);
  if (response.stream) {
    response.stream = std::make_shared<CountedBody>(std::move(response.stream), std::move(entry));
  } else {
    entry.count(response.body.size());
    entry.write();
  }
  co_return response;
}

}  // namespace

Middleware access_log(AccessLogOptions options) {
  return
      [state = std::make_shared<const State>(std::move(options))](HttpRequest& request, RequestContext& context, const Next& next) {
        if (state->skip.has(request.path)) return next(request);
        return run(state, request, context, next);
      };
}

}  // namespace jina::middleware
