#include "client/ping.hpp"

#include <boost/json/parse.hpp>

#include "client/http_client.hpp"
#include "client/io.hpp"
#include "client/websocket_client.hpp"
#include "protocol/grpc/channel.hpp"
#include "wire/data_request.hpp"
#include "wire/pb_reader.hpp"

namespace jina::client {
namespace {

// What a gateway of the user's own has to do, said to whom it did not.
constexpr std::string_view kHealthOverGrpc =
    ": a gateway that speaks gRPC has to serve the standard health service, grpc.health.v1.Health "
    "(grpc++: grpc::EnableDefaultHealthCheckService(true); jina::builtin::GRPCGateway brings it)";
constexpr std::string_view kHealthOverHttp =
    ": a gateway that speaks HTTP or WebSocket has to answer GET / with 200 while it is healthy (jina::HttpGateway brings it)";

Status dry_run_failure(std::string_view description) {
  return {StatusCode::kUnavailable, "the dry run failed: " + std::string(description.empty() ? "no description" : description)};
}

/// What the StatusProto that a dry run answers says.
Status dry_run_status(std::string_view message) {
  const Result<wire::StatusView> status = wire::parse_status(message);
  if (!status) return {StatusCode::kInternal, "the answer to the dry run is no StatusProto"};
  return status->code == 0 ? Status{} : dry_run_failure(status->description);
}

/// What a HealthCheckResponse says.
Status health_status(std::string_view message) {
  constexpr std::uint64_t kServing = 1;
  static constexpr std::string_view kNames[] = {"UNKNOWN", "SERVING", "NOT_SERVING", "SERVICE_UNKNOWN"};
  std::uint64_t status = 0;
  wire::PbReader reader(message);
  while (reader.next())
    if (reader.is(1, wire::WireType::kVarint)) status = reader.varint();
  if (reader.failed()) return {StatusCode::kInternal, "the answer to the health check is not one"};
  if (status == kServing) return {};
  return {StatusCode::kUnavailable,
          "health: " + (status < std::size(kNames) ? std::string(kNames[status]) : std::to_string(status))};
}

Task<Status> ping_grpc(boost::asio::io_context& io, Target target, PingKind kind, std::chrono::milliseconds limit) {
  grpc::ChannelOptions channel_options{.tls = target.tls, .ca_file = target.ca_file, .verify = target.verify};
  channel_options.connect_timeout = limit;
  grpc::Channel channel(io, target.address(), channel_options);
  grpc::CallOptions options;
  options.deadline = std::chrono::steady_clock::now() + limit;
  std::string path = kind == PingKind::kFlow ? "/jina.JinaGatewayDryRunRPC/dry_run" : "/grpc.health.v1.Health/Check";
  Buffer request;
  auto reply = co_await channel.unary(std::move(path), std::move(request), std::move(options));
  if (reply.status.code == StatusCode::kUnimplemented && kind == PingKind::kRuntime) reply.status.message += kHealthOverGrpc;
  if (!reply.status.ok()) co_return reply.status;
  const std::string message = reply.message.str();
  co_return kind == PingKind::kFlow ? dry_run_status(message) : health_status(message);
}

Task<Status> ping_http(Target target, PingKind kind, std::chrono::milliseconds limit) {
  target.protocol = Protocol::kHttp;
  HttpClient http(target);
  HttpRequest request;
  request.path = kind == PingKind::kFlow ? "/dry_run" : "/";
  const std::string path = request.path;
  auto response = co_await http.send(std::move(request), limit);
  if (!response.ok()) co_return response.error();
  if (kind == PingKind::kAnswers) co_return Status{};
  if (response->status != 200)
    co_return Status{StatusCode::kUnavailable, "GET " + path + " gave status " + std::to_string(response->status) + ", not 200" +
                                                   std::string(kind == PingKind::kRuntime ? kHealthOverHttp : "")};
  if (kind == PingKind::kRuntime) co_return Status{};
  boost::system::error_code error;
  const auto json = boost::json::parse(response->body, error);
  const auto* code = json.is_object() ? json.get_object().if_contains("code") : nullptr;
  if (error || code == nullptr || !code->is_int64()) co_return Status{StatusCode::kInternal, "GET /dry_run gave no status"};
  if (code->get_int64() == 0) co_return Status{};
  const auto* text = json.get_object().if_contains("description");
  co_return dry_run_failure(text != nullptr && text->is_string() ? std::string_view(text->get_string()) : std::string_view());
}

Task<Result<bool>> dry_run_websocket(Target target) {
  WebSocketClient socket(target);
  auto opened = co_await socket.open("/dry_run", "bytes");
  if (!opened.ok()) co_return opened;
  WebSocketFrame empty{.binary = true};
  auto sent = co_await socket.send(std::move(empty));
  if (!sent.ok()) co_return sent;
  auto frame = co_await socket.read();
  if (!frame.ok()) co_return frame.error();
  if (!frame->has_value()) co_return Status{StatusCode::kUnavailable, "the WebSocket was closed without an answer"};
  const Status status = dry_run_status((*frame)->payload);
  if (status.code == StatusCode::kInternal) co_return status;
  co_await socket.close();
  if (!status.ok()) co_return status;
  co_return true;
}

}  // namespace

Task<Status> ping(boost::asio::io_context& io, Target target, PingKind kind, std::chrono::milliseconds limit) {
  if (target.protocol == Protocol::kGrpc && kind != PingKind::kAnswers)
    co_return co_await ping_grpc(io, std::move(target), kind, limit);
  if (target.protocol == Protocol::kHttp || kind != PingKind::kFlow) co_return co_await ping_http(std::move(target), kind, limit);
  auto task = dry_run_websocket(std::move(target));
  auto result = co_await within<bool>(limit, std::move(task));
  co_return result.status();
}

}  // namespace jina::client
