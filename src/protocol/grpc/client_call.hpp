// ClientCall: one RPC of a Channel, unary or with streams, from its start (possibly before the connection stands) to its status.
//
// Thread, lifetime, cancellation: see grpc/channel.hpp.
#pragma once
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <optional>
#include <string>

#include "protocol/grpc/channel.hpp"
#include "protocol/grpc/framing.hpp"
#include "protocol/http2/connection.hpp"
#include "protocol/http2/stream.hpp"

namespace jina::grpc::detail {

class ClientCall final : public ClientStream, public http2::StreamObserver, public std::enable_shared_from_this<ClientCall> {
 public:
  ClientCall(boost::asio::io_context& io, std::string path, CallOptions options, const ChannelOptions& channel,
             UniqueFunction<void()> on_over);

  /// Unary: keeps the request until begin().
  void set_unary(Buffer request, UniqueFunction<void(UnaryReply)> done);
  void start_deadline();
  /// The connection stands: sends the header and what was written so far. False when it takes no more streams.
  bool begin(http2::Connection& connection, std::string_view authority, std::string_view scheme);
  /// Ends the call without a stream, or resets the one it has.
  void fail(Status status, bool safe_to_retry);
  bool over() const noexcept { return over_; }

  // ClientStream
  void read(UniqueFunction<void(std::optional<Buffer>)> on_next) override;
  bool write(Buffer message) override;
  void writes_done() override;
  std::size_t queued_bytes() const override;
  void when_writable(UniqueFunction<void()> on_writable) override;
  void cancel() override;
  const Status& status() const override { return status_; }
  const Metadata& trailing() const override { return trailing_; }
  bool safe_to_retry() const override { return safe_to_retry_; }
  // StreamObserver
  void on_header(std::string_view name, std::string_view value) override;
  void on_headers_complete(bool end_stream) override;
  void on_data(Bytes data) override;
  void on_end() override;
  void on_writable() override;
  void on_close(const http2::CloseReason& reason) override;

 private:
  void pump();
  void end(Status status);
  void give_back_window();

  boost::asio::io_context& io_;
  std::string path_;
  CallOptions options_;
  Compression compression_;
  MessageReader reader_;
  UniqueFunction<void()> on_over_;
  UniqueFunction<void(UnaryReply)> done_;
  UniqueFunction<void(std::optional<Buffer>)> on_next_;
  UniqueFunction<void()> on_writable_;
  std::optional<boost::asio::steady_timer> deadline_timer_;
  http2::Stream* stream_ = nullptr;
  Buffer early_;  // framed messages written before the stream was opened
  std::optional<Buffer> reply_;
  Status status_;
  Metadata initial_;
  Metadata trailing_;
  std::optional<int> grpc_status_;
  std::string grpc_message_;
  std::string status_details_;
  int http_status_ = 0;
  std::size_t unconsumed_ = 0;
  bool unary_ = false;
  bool writes_done_ = false;
  bool header_block_seen_ = false;
  bool content_type_ok_ = false;
  bool safe_to_retry_ = false;
  bool over_ = false;
  bool pumping_ = false;
};

}  // namespace jina::grpc::detail
