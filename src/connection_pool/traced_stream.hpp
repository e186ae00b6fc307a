// TracedStream: a stream to an Executor with the span of its call, which ends with it, and what is counted of it. Only made while
// tracing or monitoring is on.
//
// Thread, cancellation: as grpc::ClientStream. Lifetime: dropped before its end, the span ends without a status.
#pragma once
#include <memory>

#include "jina/tracing.hpp"
#include "metrics/call_metrics.hpp"
#include "protocol/grpc/channel.hpp"

namespace jina {

class TracedStream final : public grpc::ClientStream, public std::enable_shared_from_this<TracedStream> {
 public:
  /// `watch` null: nothing is counted.
  TracedStream(std::shared_ptr<grpc::ClientStream> stream, Span span, std::unique_ptr<metrics::CallWatch> watch);
  ~TracedStream() override;

  void read(UniqueFunction<void(std::optional<Buffer>)> on_next) override;
  bool write(Buffer message) override;
  void writes_done() override { stream_->writes_done(); }
  std::size_t queued_bytes() const override { return stream_->queued_bytes(); }
  void when_writable(UniqueFunction<void()> on_writable) override { stream_->when_writable(std::move(on_writable)); }
  void cancel() override { stream_->cancel(); }
  const Status& status() const override { return stream_->status(); }
  const Metadata& trailing() const override { return stream_->trailing(); }
  bool safe_to_retry() const override { return stream_->safe_to_retry(); }

 private:
  std::shared_ptr<grpc::ClientStream> stream_;
  Span span_;
  std::unique_ptr<metrics::CallWatch> watch_;  // until the end
};

}  // namespace jina
