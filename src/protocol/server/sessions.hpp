// The two kinds of session that a Server makes of an accepted connection.
//
// Thread, lifetime, cancellation: as net::Session.
#pragma once
#include <exception>
#include <memory>

#include "jina/bytes.hpp"
#include "listener/session.hpp"
#include "listener/transport.hpp"
#include "protocol/server/server.hpp"

namespace jina::protocol {

/// What every session of a server shares. Outlives the sessions.
struct SessionEnvironment {
  const ServerOptions& options;
  const grpc::ServiceTable* grpc;
  http::Handler* http;
  net::SessionSet& sessions;
};

/// `already_read`: the bytes that were read to find out the protocol. The session adds itself to environment.sessions.
void start_http2_session(std::unique_ptr<net::Transport> transport, Bytes already_read, SessionEnvironment& environment);
void start_http1_session(std::unique_ptr<net::Transport> transport, Bytes already_read, SessionEnvironment& environment);

/// What an http::Handler, or the stream of its response, threw, to the log; a BodyCut has been told already.
void log_handler_error(const std::exception_ptr& error);

}  // namespace jina::protocol
