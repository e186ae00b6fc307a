// ServerCallImpl: one RPC on an HTTP/2 stream, server side; made by the session once the request header is complete.
//
// Thread, lifetime, cancellation: see grpc/server.hpp.
#pragma once
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <optional>
#include <string>

#include "protocol/grpc/framing.hpp"
#include "protocol/grpc/server.hpp"
#include "protocol/http2/request_head.hpp"
#include "protocol/http2/stream.hpp"

namespace jina::grpc {

class ServerCallImpl final : public ServerCall, public http2::StreamObserver {
 public:
  ServerCallImpl(http2::Stream& stream, http2::RequestHead head, std::string peer, std::size_t max_message_bytes);

  /// Looks the method up and starts it, or answers with the error. `table` may be null. `end_stream`: the request has no body.
  void start(const ServiceTable* table, const Tracer& tracer, bool end_stream);

  // ServerCall
  RequestContext& context() noexcept override { return context_; }
  boost::asio::any_io_executor executor() override;
  const std::string& path() const noexcept override { return path_; }
  void send_initial_metadata(Metadata metadata) override;
  void set_compression(Compression compression) override;
  void reply(Status status, Buffer message, Metadata trailing) override;
  // RequestStream
  void read(UniqueFunction<void(std::optional<Buffer>)> on_next) override;
  bool write(Buffer message) override;
  std::size_t queued_bytes() const override { return stream_ == nullptr ? 0 : stream_->queued_bytes(); }
  void when_writable(UniqueFunction<void()> on_writable) override;
  void finish(Status status, Metadata trailing) override;
  // StreamObserver
  void on_header(std::string_view, std::string_view) override {}  // request trailers carry nothing in gRPC
  void on_headers_complete(bool end_stream) override;
  void on_data(Bytes data) override;
  void on_end() override;
  void on_writable() override;
  void on_close(const http2::CloseReason& reason) override;

 private:
  std::shared_ptr<ServerCallImpl> self() { return std::static_pointer_cast<ServerCallImpl>(shared_from_this()); }
  Status read_headers();
  void start_deadline();
  void pump();
  void call_unary();
  void send_headers(const Metadata& metadata);
  void fail(Status status);
  void give_back_window();

  http2::Stream* stream_;  // null once it is closed
  http2::RequestHead head_;
  std::string path_;
  RequestContext context_;
  Span span_;
  MessageReader reader_;
  const ServiceTable::Method* method_ = nullptr;
  std::optional<boost::asio::steady_timer> deadline_timer_;
  UniqueFunction<void(std::optional<Buffer>)> on_next_;
  UniqueFunction<void()> on_writable_;
  std::size_t unconsumed_ = 0;
  std::optional<Buffer> message_;  // unary: the request message, complete
  bool accepts_gzip_ = false;
  bool accepts_deflate_ = false;
  Compression compression_ = Compression::kIdentity;
  bool request_ended_ = false;
  bool headers_sent_ = false;
  bool finished_ = false;
  bool pumping_ = false;
};

}  // namespace jina::grpc
