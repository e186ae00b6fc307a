#include "cli/protocol_hint.hpp"

#include <fmt/format.h>

#include <boost/asio/io_context.hpp>
#include <chrono>

#include "cli/wait.hpp"
#include "client/ping.hpp"

namespace jina::cli {
namespace {

/// Failures of a server that is there, but knows nothing of what it was asked.
bool may_be_the_protocol(const client::Target& target, const Status& failure) {
  if (target.protocol == client::Protocol::kGrpc) return failure.code == StatusCode::kUnimplemented;
  switch (failure.code) {
    case StatusCode::kNotFound:
    case StatusCode::kUnimplemented:
    case StatusCode::kInternal: return true;
    // A gRPC server hangs up, or sends frames that are no HTTP/1.1.
    case StatusCode::kUnavailable: return failure.message.find("refused") == failure.message.npos;
    default: return false;
  }
}

}  // namespace

std::string protocol_hint(const client::Target& target, const Status& failure) {
  if (!may_be_the_protocol(target, failure)) return {};
  const bool asked_grpc = target.protocol == client::Protocol::kGrpc;
  client::Target other = target;
  other.protocol = asked_grpc ? client::Protocol::kHttp : client::Protocol::kGrpc;
  boost::asio::io_context io(1);
  const auto answer = wait_for<Status>(io, client::ping(io, other, client::PingKind::kRuntime, std::chrono::milliseconds(1000)));
  if (!answer.ok()) return {};
  const char* name = asked_grpc ? "HTTP" : "gRPC";
  return fmt::format("this port speaks {}; ask it so: {} (or --protocol {})", name, other.url(), asked_grpc ? "http" : "grpc");
}

}  // namespace jina::cli
