#include "otlp/exporter.hpp"

#include <pthread.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <thread>

#include "base/ids.hpp"
#include "otlp/encode.hpp"
#include "otlp/transport.hpp"

namespace jina::otlp {

namespace asio = boost::asio;
using std::chrono::milliseconds;
using telemetry::SpanBatch;
using telemetry::SpanCounts;
constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);
constexpr auto kReportEvery = std::chrono::minutes(1);

struct Exporter::Impl {
  explicit Impl(ExportOptions with)
      : options(std::move(with)), queue(std::make_shared<telemetry::BatchQueue>(options.sampler, options.limits)) {
    transport = options.protocol == ExportProtocol::kGrpc ? make_grpc_transport(io, options) : make_http_transport(options);
  }

  void start() {
    queue->on_pressure([this] { asio::post(io, [this] { collecting.cancel(); }); });
    asio::co_spawn(io, run(), [this](const std::exception_ptr& error) {
      io.stop();  // connections that are open would keep it running
      if (error) std::rethrow_exception(error);
    });
    thread = std::thread([this] {
      pthread_setname_np(pthread_self(), "otlp");
      try {
        io.run();
      } catch (const std::exception& error) {
        spdlog::error("tracing: the exporter failed: {}", error.what());
      }
    });
  }

  Task<void> run() {
    for (;;) {
      if (!stopping && !queue->pressed()) {
        collecting.expires_after(options.delay);
        co_await collecting.async_wait(kTuple);
      }
      do {
        SpanBatch batch = queue->take();
        if (batch.empty()) {
          if (stopping) co_return;
          break;
        }
        Task<void> task = export_batch(std::move(batch));
        co_await std::move(task);
      } while (stopping || queue->pressed());
      report_drops();
    }
  }

  Task<void> export_batch(SpanBatch batch) {
    in_flight = batch.size();
    const std::string message = encode_request(options.resource, batch);
    batch.clear();
    const auto give_up = std::chrono::steady_clock::now() + options.give_up;
    milliseconds pause = options.backoff;
    for (;;) {
      std::string copy = message;
      Task<Outcome> task = transport->send(std::move(copy));
      const Outcome outcome = co_await std::move(task);
      if (outcome.status.ok()) {
        succeeded(outcome);
        settle(true);
        co_return;
      }
      failed(outcome.status);
      // Up to a fifth more, so that many processes do not come back at the same moment.
      milliseconds wait = outcome.wait.value_or(pause + milliseconds(random_bits() % (pause.count() / 5 + 1)));
      pause = std::min(pause * 2, options.longest_backoff);
      if (!outcome.try_again || stopping || std::chrono::steady_clock::now() + wait > give_up) break;
      backing_off.expires_after(wait);
      co_await backing_off.async_wait(kTuple);
    }
    settle(false);
  }

  void settle(bool exported) { queue->settle(std::exchange(in_flight, 0), exported); }

  void failed(const Status& status) {
    if (failing) return;
    failing = true;
    const bool guessed_tls = options.endpoint.tls && !options.endpoint.scheme_named;
    spdlog::warn(
        "tracing: spans can not be sent to {}: {}{}. They are tried again and dropped when that takes too long; requests are "
        "not held up",
        options.endpoint.url(), status.to_string(),
        guessed_tls ? " (with TLS, because the host names no scheme; write http:// in front of it for none)" : "");
  }

  void succeeded(const Outcome& outcome) {
    if (failing) {
      failing = false;
      spdlog::info("tracing: spans are sent to {} again; {} were lost meanwhile", options.endpoint.url(),
                   queue->counts().failed + queue->counts().dropped);
    }
    const PartialSuccess partial = decode_response(outcome.response);
    if (partial.rejected_spans > 0 && !std::exchange(rejection_told, true))
      spdlog::warn("tracing: {} refused {} spans: {} (said once)", options.endpoint.url(), partial.rejected_spans, partial.message);
  }

  void report_drops() {
    const auto now = std::chrono::steady_clock::now();
    if (now < next_report) return;
    next_report = now + kReportEvery;
    const SpanCounts counts = queue->counts();
    const std::uint64_t lost = counts.dropped + counts.failed;
    if (lost > std::exchange(lost_told, lost)) log_counts(counts);
  }

  static void log_counts(const SpanCounts& counts) {
    spdlog::warn("tracing: {} spans exported, {} dropped because the queue was full, {} not taken by the collector",
                 counts.exported, counts.dropped, counts.failed);
  }

  void shutdown(milliseconds limit) {
    if (!thread.joinable()) return;
    asio::post(io, [this, limit] {
      stopping = true;
      collecting.cancel();
      backing_off.cancel();
      last_moment.expires_after(limit);
      last_moment.async_wait([this](const boost::system::error_code& error) {
        if (!error) io.stop();
      });
    });
    thread.join();
    queue->close();
    settle(false);
    for (SpanBatch rest = queue->take(); !rest.empty(); rest = queue->take()) queue->settle(rest.size(), false);
    const SpanCounts counts = queue->counts();
    if (counts.dropped + counts.failed > lost_told) log_counts(counts);
  }

  ExportOptions options;
  std::shared_ptr<telemetry::BatchQueue> queue;
  asio::io_context io{1};
  std::unique_ptr<Transport> transport;
  asio::steady_timer collecting{io};
  asio::steady_timer backing_off{io};
  asio::steady_timer last_moment{io};
  std::thread thread;
  std::size_t in_flight = 0;  // spans of the batch that is being sent
  std::chrono::steady_clock::time_point next_report = std::chrono::steady_clock::now() + kReportEvery;
  std::uint64_t lost_told = 0;
  bool stopping = false;
  bool failing = false;
  bool rejection_told = false;
};

Exporter::Exporter(ExportOptions options) : impl_(std::make_unique<Impl>(std::move(options))) { impl_->start(); }
Exporter::~Exporter() { impl_->shutdown(milliseconds(0)); }

const std::shared_ptr<telemetry::BatchQueue>& Exporter::queue() const noexcept { return impl_->queue; }

void Exporter::shutdown(milliseconds limit) { impl_->shutdown(limit); }

}  // namespace jina::otlp
