#include "protocol/grpc/server_call.hpp"

#include <spdlog/spdlog.h>

#include <boost/container/small_vector.hpp>

#include "protocol/grpc/compression.hpp"
#include "protocol/grpc/metadata.hpp"
#include "protocol/http2/connection.hpp"
#include "telemetry/propagation.hpp"
#include "telemetry/rpc_span.hpp"

namespace jina::grpc {
namespace {

using Headers = boost::container::small_vector<http2::Header, 8>;

// Encoded values live beside the views that are handed to the stream.
struct EncodedMetadata {
  explicit EncodedMetadata(const Metadata& metadata) {
    values.reserve(metadata.size());
    for (const auto& [name, value] : metadata) values.push_back(encode_value(name, value));
  }
  void append_to(Headers& headers, const Metadata& metadata) const {
    for (std::size_t i = 0; i < metadata.size(); ++i) headers.push_back({metadata[i].first, values[i]});
  }
  std::vector<std::string> values;
};

void append_status(Headers& headers, const Status& status, std::string& number, std::string& message) {
  number = std::to_string(static_cast<int>(status.code));
  headers.push_back({"grpc-status", number});
  if (status.message.empty()) return;
  message = percent_encode(status.message);
  headers.push_back({"grpc-message", message});
}

}  // namespace

ServerCallImpl::ServerCallImpl(http2::Stream& stream, http2::RequestHead head, std::string peer, std::size_t max_message_bytes)
    : stream_(&stream), head_(std::move(head)), reader_(Compression::kIdentity, max_message_bytes) {
  context_.peer = std::move(peer);
}

boost::asio::any_io_executor ServerCallImpl::executor() {
  return stream_ == nullptr ? boost::asio::any_io_executor{} : stream_->connection().transport().executor();
}

void ServerCallImpl::start(const ServiceTable* table, const Tracer& tracer, bool end_stream) {
  const auto keep = self();
  request_ended_ = end_stream;
  path_ = std::move(head_.path);
  if (Status status = read_headers(); !status.ok()) return fail(std::move(status));
  method_ = table == nullptr ? nullptr : table->find(path_);
  if (method_ == nullptr) return fail({StatusCode::kUnimplemented, "Method not found!"});
  if (tracer.enabled()) {
    span_ = telemetry::start_server_span(tracer, path_, context_);
    context_.trace = span_.context();
  }
  start_deadline();
  try {
    if (method_->stream) {
      method_->stream(keep);
    } else if (request_ended_) {
      call_unary();
    }
  } catch (const std::exception& error) {
    spdlog::error("{}: {}", path_, error.what());
    fail({StatusCode::kUnknown, "the handler failed"});
  }
}

Status ServerCallImpl::read_headers() {
  if (head_.method != "POST") return {StatusCode::kInternal, "gRPC requests are POST, not " + head_.method};
  bool traced = false;
  context_.metadata.reserve(head_.headers.size());
  for (auto& [name, value] : head_.headers) {
    if (name == "grpc-timeout") {
      const auto timeout = parse_timeout(value);
      if (!timeout)
        return {StatusCode::kInvalidArgument, "grpc-timeout is '" + value + "', expected 1 to 8 digits and one of H M S m u n"};
      const auto now = std::chrono::steady_clock::now();
      context_.deadline = *timeout > SteadyTime::max() - now ? SteadyTime::max() : now + *timeout;
    } else if (name == "grpc-encoding") {
      const auto encoding = compression_from(value);
      if (!encoding)
        return {StatusCode::kUnimplemented, "grpc-encoding '" + value + "' is not supported; use identity, deflate or gzip"};
      reader_.set_compression(*encoding);
    } else if (name == "grpc-accept-encoding") {
      accepts_gzip_ = value.find("gzip") != std::string::npos;
      accepts_deflate_ = value.find("deflate") != std::string::npos;
    } else if (name == "traceparent") {
      traced = true;
      context_.metadata.emplace_back(std::move(name), std::move(value));
    } else if (!is_reserved(name)) {
      if (!name.ends_with("-bin")) {
        context_.metadata.emplace_back(std::move(name), std::move(value));
      } else if (!add_received(context_.metadata, name, value)) {
        return {StatusCode::kInvalidArgument, "metadata '" + name + "' is not valid base64"};
      }
    }
  }
  head_.headers.clear();
  if (traced) context_.trace = telemetry::extract(context_.metadata);
  return {};
}

void ServerCallImpl::start_deadline() {
  if (!context_.deadline || *context_.deadline == SteadyTime::max()) return;
  deadline_timer_.emplace(executor(), *context_.deadline);
  deadline_timer_->async_wait([weak = std::weak_ptr<ServerCallImpl>(self())](const boost::system::error_code& error) {
    const auto call = weak.lock();
    if (error || !call || call->finished_) return;
    call->context_.cancel(CancelReason::kDeadline);
    call->finish({StatusCode::kDeadlineExceeded, "Deadline Exceeded"}, {});
  });
}

void ServerCallImpl::call_unary() {
  if (!message_) {
    return fail(reader_.at_boundary() ? Status{StatusCode::kUnimplemented, "the request has no message, exactly one is expected"}
                                      : Status{StatusCode::kInvalidArgument, "gRPC framing: the request ends within a message"});
  }
  if (!reader_.at_boundary())
    return fail({StatusCode::kUnimplemented, "the request has more than one message, exactly one is expected"});
  method_->unary(self(), *std::exchange(message_, std::nullopt));
}

void ServerCallImpl::on_headers_complete(bool end_stream) {
  if (end_stream) on_end();
}

void ServerCallImpl::on_data(Bytes data) {
  unconsumed_ += data.size();
  if (finished_) return give_back_window();
  const auto keep = self();
  reader_.feed(std::move(data));
  if (method_ != nullptr && method_->stream) {
    pump();
    return;
  }
  // Cut at once, so that a message beyond the limit is refused when its prefix says so, not after it came.
  if (!message_) {
    Result<std::optional<Buffer>> next = reader_.next();
    if (!next) return fail(std::move(next).error());
    message_ = std::move(*next);
  }
  give_back_window();
}

void ServerCallImpl::on_end() {
  request_ended_ = true;
  if (finished_ || method_ == nullptr) return;
  const auto keep = self();
  try {
    if (method_->stream) {
      pump();
    } else {
      call_unary();
    }
  } catch (const std::exception& error) {
    spdlog::error("{}: {}", path_, error.what());
    fail({StatusCode::kUnknown, "the handler failed"});
  }
}

void ServerCallImpl::give_back_window() {
  if (stream_ != nullptr && unconsumed_ > 0) stream_->consume(std::exchange(unconsumed_, 0));
}

void ServerCallImpl::read(UniqueFunction<void(std::optional<Buffer>)> on_next) {
  on_next_ = std::move(on_next);
  pump();
}

void ServerCallImpl::pump() {
  if (pumping_) return;  // the loop below goes on with the callback that was just set
  const auto keep = self();
  pumping_ = true;
  while (on_next_) {
    if (stream_ == nullptr || finished_) {
      std::exchange(on_next_, nullptr)(std::nullopt);
      continue;
    }
    Result<std::optional<Buffer>> message = reader_.next();
    if (!message) {
      fail(std::move(message).error());
      continue;
    }
    if (*message) {
      std::exchange(on_next_, nullptr)(std::move(*message));
    } else if (request_ended_) {
      if (!reader_.at_boundary()) {
        fail({StatusCode::kInvalidArgument, "gRPC framing: the request ends within a message"});
        continue;
      }
      std::exchange(on_next_, nullptr)(std::nullopt);
    } else {
      break;
    }
  }
  pumping_ = false;
  // Only a reader that waits may get more: the stream's window is what holds a fast client back.
  if (on_next_) give_back_window();
}

void ServerCallImpl::set_compression(Compression compression) {
  if ((compression == Compression::kGzip && accepts_gzip_) || (compression == Compression::kDeflate && accepts_deflate_) ||
      compression == Compression::kIdentity)
    compression_ = compression;
}

void ServerCallImpl::send_initial_metadata(Metadata metadata) {
  if (!headers_sent_) send_headers(metadata);
}

void ServerCallImpl::send_headers(const Metadata& metadata) {
  if (stream_ == nullptr) return;
  headers_sent_ = true;
  Headers headers = {{":status", "200"}, {"content-type", "application/grpc"}};
  if (compression_ != Compression::kIdentity) headers.push_back({"grpc-encoding", to_string(compression_)});
  const EncodedMetadata encoded(metadata);
  encoded.append_to(headers, metadata);
  stream_->send_headers({headers.data(), headers.size()}, false);
}

bool ServerCallImpl::write(Buffer message) {
  if (stream_ == nullptr || finished_) return false;
  if (!headers_sent_) send_headers({});
  stream_->send_data(frame_message(std::move(message), compression_));
  return true;
}

void ServerCallImpl::when_writable(UniqueFunction<void()> on_writable) {
  if (stream_ == nullptr || stream_->queued_bytes() <= http2::Stream::kHighWater) return on_writable();
  on_writable_ = std::move(on_writable);
}

void ServerCallImpl::on_writable() {
  if (on_writable_) std::exchange(on_writable_, nullptr)();
}

void ServerCallImpl::reply(Status status, Buffer message, Metadata trailing) {
  if (status.ok()) write(std::move(message));
  finish(std::move(status), std::move(trailing));
}

void ServerCallImpl::fail(Status status) {
  finish(std::move(status), {});
  context_.cancel(CancelReason::kClient);
}

void ServerCallImpl::finish(Status status, Metadata trailing) {
  if (finished_) return;
  const auto keep = self();
  finished_ = true;
  deadline_timer_.reset();
  on_writable_.reset();
  telemetry::end_rpc_span(span_, SpanKind::kServer, status);
  if (stream_ == nullptr) return;
  Headers headers;
  std::string number;
  std::string message;
  const EncodedMetadata encoded(trailing);
  if (!headers_sent_) {
    headers_sent_ = true;
    headers = {{":status", "200"}, {"content-type", "application/grpc"}};
    if (status.code == StatusCode::kUnimplemented) headers.push_back({"grpc-accept-encoding", "identity, deflate, gzip"});
    append_status(headers, status, number, message);
    encoded.append_to(headers, trailing);
    stream_->send_headers({headers.data(), headers.size()}, true);
  } else {
    append_status(headers, status, number, message);
    encoded.append_to(headers, trailing);
    stream_->end_with_trailers({headers.data(), headers.size()});
  }
  give_back_window();
}

void ServerCallImpl::on_close(const http2::CloseReason&) {
  const auto keep = self();
  stream_ = nullptr;
  deadline_timer_.reset();
  if (!finished_) {
    finished_ = true;
    telemetry::end_rpc_span(span_, SpanKind::kServer, {StatusCode::kCancelled, "the client is gone"});
    context_.cancel(CancelReason::kClient);
  }
  pump();
  on_writable();
}

}  // namespace jina::grpc
