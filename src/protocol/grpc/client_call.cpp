#include "protocol/grpc/client_call.hpp"

#include <boost/asio/post.hpp>
#include <boost/container/small_vector.hpp>
#include <charconv>

#include "base/base64.hpp"
#include "protocol/grpc/compression.hpp"
#include "protocol/grpc/metadata.hpp"

namespace jina::grpc::detail {
namespace {

// gRPC's mapping for answers that carry no grpc-status.
StatusCode code_of_http(int status) {
  switch (status) {
    case 400: return StatusCode::kInternal;
    case 401: return StatusCode::kUnauthenticated;
    case 403: return StatusCode::kPermissionDenied;
    case 404: return StatusCode::kUnimplemented;
    case 429:
    case 502:
    case 503:
    case 504: return StatusCode::kUnavailable;
    default: return StatusCode::kUnknown;
  }
}

Status status_of(const http2::CloseReason& reason) {
  if (reason.by_connection) return {StatusCode::kUnavailable, "Socket closed"};
  switch (reason.code) {
    case http2::ErrorCode::kRefusedStream: return {StatusCode::kUnavailable, "the server refused the stream"};
    case http2::ErrorCode::kCancel: return {StatusCode::kCancelled, "the server reset the stream"};
    case http2::ErrorCode::kEnhanceYourCalm: return {StatusCode::kResourceExhausted, "the server asked to calm down"};
    case http2::ErrorCode::kNoError: return {StatusCode::kUnknown, "the stream ended without a status"};
    default:
      return {StatusCode::kInternal,
              "the server reset the stream with HTTP/2 error " + std::to_string(static_cast<unsigned>(reason.code))};
  }
}

}  // namespace

ClientCall::ClientCall(boost::asio::io_context& io, std::string path, CallOptions options, const ChannelOptions& channel,
                       UniqueFunction<void()> on_over)
    : io_(io),
      path_(std::move(path)),
      options_(std::move(options)),
      compression_(options_.compression.value_or(channel.compression)),
      reader_(Compression::kIdentity, channel.max_receive_bytes),
      on_over_(std::move(on_over)) {}

void ClientCall::set_unary(Buffer request, UniqueFunction<void(UnaryReply)> done) {
  unary_ = true;
  done_ = std::move(done);
  early_ = frame_message(std::move(request), compression_);
  writes_done_ = true;
}

void ClientCall::start_deadline() {
  if (!options_.deadline || over_) return;
  deadline_timer_.emplace(io_, *options_.deadline);
  deadline_timer_->async_wait([weak = weak_from_this()](const boost::system::error_code& error) {
    const auto call = weak.lock();
    if (!error && call) call->fail({StatusCode::kDeadlineExceeded, "Deadline Exceeded"}, false);
  });
}

bool ClientCall::begin(http2::Connection& connection, std::string_view authority, std::string_view scheme) {
  boost::container::small_vector<http2::Header, 16> headers = {{":method", "POST"},
                                                               {":scheme", scheme},
                                                               {":path", path_},
                                                               {":authority", authority},
                                                               {"te", "trailers"},
                                                               {"content-type", "application/grpc"},
                                                               {"user-agent", "grpc-jina-cpp/0.1"},
                                                               {"grpc-accept-encoding", "identity, deflate, gzip"}};
  std::string timeout;
  if (options_.deadline) {
    timeout = format_timeout(*options_.deadline - std::chrono::steady_clock::now());
    headers.push_back({"grpc-timeout", timeout});
  }
  if (compression_ != Compression::kIdentity) headers.push_back({"grpc-encoding", to_string(compression_)});
  std::vector<std::string> values;
  values.reserve(options_.metadata.size());
  for (const auto& [name, value] : options_.metadata) {
    values.push_back(encode_value(name, value));
    headers.push_back({name, values.back()});
  }
  stream_ = connection.open({headers.data(), headers.size()}, shared_from_this(), false);
  if (stream_ == nullptr) return false;
  if (!early_.empty()) stream_->send_data(std::exchange(early_, Buffer{}));
  if (writes_done_) stream_->end();
  return true;
}

void ClientCall::fail(Status status, bool safe_to_retry) {
  if (over_) return;
  safe_to_retry_ = safe_to_retry;
  if (stream_ != nullptr) stream_->reset(http2::ErrorCode::kCancel);
  end(std::move(status));
}

void ClientCall::cancel() {
  if (over_) return;
  if (stream_ != nullptr) stream_->reset(http2::ErrorCode::kCancel);
  // From the event loop, so that a caller who cancels is not called back inside.
  boost::asio::post(io_, [self = shared_from_this()] { self->end({StatusCode::kCancelled, "Locally cancelled by application!"}); });
}

void ClientCall::read(UniqueFunction<void(std::optional<Buffer>)> on_next) {
  on_next_ = std::move(on_next);
  pump();
}

bool ClientCall::write(Buffer message) {
  if (over_ || writes_done_) return false;
  Buffer framed = frame_message(std::move(message), compression_);
  if (stream_ != nullptr) {
    stream_->send_data(std::move(framed));
  } else {
    early_.append(std::move(framed));
  }
  return true;
}

void ClientCall::writes_done() {
  if (writes_done_) return;
  writes_done_ = true;
  if (stream_ != nullptr) stream_->end();
}

std::size_t ClientCall::queued_bytes() const { return stream_ == nullptr ? early_.size() : stream_->queued_bytes(); }

void ClientCall::when_writable(UniqueFunction<void()> on_writable) {
  if (over_ || queued_bytes() <= http2::Stream::kHighWater) return on_writable();
  on_writable_ = std::move(on_writable);
}

void ClientCall::on_writable() {
  if (on_writable_) std::exchange(on_writable_, nullptr)();
}

void ClientCall::on_header(std::string_view name, std::string_view value) {
  if (name == ":status") {
    std::from_chars(value.data(), value.data() + value.size(), http_status_);
  } else if (name == "content-type") {
    content_type_ok_ = value.starts_with("application/grpc");
  } else if (name == "grpc-status") {
    int number = static_cast<int>(StatusCode::kUnknown);
    std::from_chars(value.data(), value.data() + value.size(), number);
    grpc_status_ = number;
  } else if (name == "grpc-message") {
    grpc_message_ = percent_decode(value);
  } else if (name == "grpc-encoding") {
    if (const auto encoding = compression_from(value)) reader_.set_compression(*encoding);
  } else if (name == "grpc-status-details-bin") {
    if (auto details = base64_decode(value)) status_details_ = std::move(*details);
  } else if (!is_reserved(name)) {
    add_received(header_block_seen_ ? trailing_ : initial_, name, value);
  }
}

void ClientCall::on_headers_complete(bool end_stream) {
  if (http_status_ >= 100 && http_status_ < 200) {  // informational: the real header follows
    initial_.clear();
    return;
  }
  if (!header_block_seen_) {
    header_block_seen_ = true;
    if (end_stream) trailing_ = std::move(initial_);
    if (!end_stream && (http_status_ != 200 || !content_type_ok_))
      return fail({code_of_http(http_status_), "the server answered HTTP " + std::to_string(http_status_) + ", which is no gRPC"},
                  false);
  }
  if (end_stream) on_end();
}

void ClientCall::on_data(Bytes data) {
  unconsumed_ += data.size();
  if (over_) return give_back_window();
  reader_.feed(std::move(data));
  if (!unary_) return pump();
  Result<std::optional<Buffer>> message = reader_.next();
  if (!message) return fail(std::move(message).error(), false);
  if (*message) {
    if (reply_) return fail({StatusCode::kInternal, "the server sent more than one message to a unary call"}, false);
    reply_ = std::move(*message);
  }
  give_back_window();
}

void ClientCall::give_back_window() {
  if (stream_ != nullptr && unconsumed_ > 0) stream_->consume(std::exchange(unconsumed_, 0));
}

void ClientCall::on_end() {
  if (over_) return;
  // The server may end before it read all: nothing more needs to be sent then.
  if (stream_ != nullptr && !writes_done_) stream_->reset(http2::ErrorCode::kCancel);
  if (!grpc_status_) {
    const StatusCode code = http_status_ == 200 ? StatusCode::kUnknown : code_of_http(http_status_);
    return end({code, "the answer has no grpc-status (HTTP " + std::to_string(http_status_) + ")"});
  }
  Status status{status_code_from(*grpc_status_), std::move(grpc_message_)};
  if (unary_ && status.ok() && !reply_) status = {StatusCode::kInternal, "the server ended a unary call without a message"};
  end(std::move(status));
}

void ClientCall::on_close(const http2::CloseReason& reason) {
  stream_ = nullptr;
  if (over_) return;
  const auto keep = shared_from_this();
  safe_to_retry_ = reason.not_processed;
  end(status_of(reason));
}

void ClientCall::end(Status status) {
  if (over_) return;
  const auto keep = shared_from_this();
  over_ = true;
  status_ = std::move(status);
  deadline_timer_.reset();
  on_writable();
  if (on_over_) std::exchange(on_over_, nullptr)();
  if (unary_) {
    if (done_)
      std::exchange(done_, nullptr)(UnaryReply{std::move(status_), reply_ ? std::move(*reply_) : Buffer{}, std::move(initial_),
                                               std::move(trailing_), std::move(status_details_), safe_to_retry_});
  } else {
    pump();
  }
}

void ClientCall::pump() {
  if (pumping_) return;
  const auto keep = shared_from_this();
  pumping_ = true;
  while (on_next_) {
    Result<std::optional<Buffer>> message = reader_.next();
    if (!message) {
      if (!over_) fail(std::move(message).error(), false);
      std::exchange(on_next_, nullptr)(std::nullopt);
    } else if (*message) {
      std::exchange(on_next_, nullptr)(std::move(*message));
    } else if (over_) {
      std::exchange(on_next_, nullptr)(std::nullopt);
    } else {
      break;
    }
  }
  pumping_ = false;
  if (on_next_) give_back_window();
}

}  // namespace jina::grpc::detail
