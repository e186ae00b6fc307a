// An HTTP/2 connection of a Server: streams whose content-type is gRPC's become RPCs, all others plain HTTP requests.
#include <spdlog/spdlog.h>

#include "protocol/grpc/server_call.hpp"
#include "protocol/http2/connection.hpp"
#include "protocol/server/http2_request.hpp"
#include "protocol/server/sessions.hpp"

namespace jina::protocol {
namespace {

class Http2Session final : public net::Session, public http2::ConnectionOwner, public std::enable_shared_from_this<Http2Session> {
 public:
  Http2Session(std::unique_ptr<net::Transport> transport, SessionEnvironment& environment)
      : environment_(environment), peer_(transport->peer()) {
    http2::ConnectionOptions options;
    options.keepalive_time = environment.options.keepalive_time;
    options.keepalive_timeout = environment.options.keepalive_timeout;
    options.max_header_bytes = environment.options.http_limits.max_header_bytes;
    connection_ = std::make_shared<http2::Connection>(http2::Role::kServer, std::move(transport), options, *this);
  }

  void start(Bytes already_read) {
    environment_.sessions.add(shared_from_this());
    const std::shared_ptr<http2::Connection> connection = connection_;
    connection->start(std::move(already_read));
  }

  SessionEnvironment& environment() noexcept { return environment_; }
  const std::string& peer() const noexcept { return peer_; }

  void drain() override { connection_->drain(); }
  void abort() override { connection_->abort("the server stops"); }

  std::shared_ptr<http2::StreamObserver> on_stream(http2::Stream& stream) override;
  void on_closed(const std::string& why) override {
    spdlog::debug("connection from {} ended: {}", peer_, why);
    environment_.sessions.remove(this);
  }

 private:
  SessionEnvironment& environment_;
  std::string peer_;
  std::shared_ptr<http2::Connection> connection_;
};

// Gathers the request header, then gives the stream to what serves it.
class StreamHead final : public http2::StreamObserver {
 public:
  StreamHead(Http2Session& session, http2::Stream& stream) : session_(session), stream_(stream) {}

  void on_header(std::string_view name, std::string_view value) override { head_.add(name, value); }
  void on_headers_complete(bool end_stream) override {
    SessionEnvironment& environment = session_.environment();
    if (head_.is_grpc()) {
      auto call = std::make_shared<grpc::ServerCallImpl>(stream_, std::move(head_), session_.peer(),
                                                         environment.options.max_grpc_message_bytes);
      stream_.set_observer(call);
      call->start(environment.grpc, environment.options.tracer, end_stream);
    } else {
      start_http2_request(stream_, std::move(head_), session_.peer(), environment, end_stream);
    }
  }
  void on_data(Bytes) override {}
  void on_end() override {}
  void on_close(const http2::CloseReason&) override {}

 private:
  Http2Session& session_;
  http2::Stream& stream_;
  http2::RequestHead head_;
};

std::shared_ptr<http2::StreamObserver> Http2Session::on_stream(http2::Stream& stream) {
  return std::make_shared<StreamHead>(*this, stream);
}

}  // namespace

void start_http2_session(std::unique_ptr<net::Transport> transport, Bytes already_read, SessionEnvironment& environment) {
  std::make_shared<Http2Session>(std::move(transport), environment)->start(std::move(already_read));
}

}  // namespace jina::protocol
