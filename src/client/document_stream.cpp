#include "client/document_stream.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/json/parse.hpp>

#include "base/await_callback.hpp"
#include "client/event_stream.hpp"
#include "client/io.hpp"
#include "client/json_message.hpp"
#include "document/document_codec.hpp"
#include "document/json/json_text.hpp"
#include "streamer/document_run.hpp"

namespace jina::client {
namespace {

using streamer::DocumentRun;

/// Waits while the reader has enough unread.
Task<void> room_in(std::shared_ptr<DocumentRun> run) {
  auto start = [run](UniqueFunction<void(bool)> go) { run->when_writable([go = std::move(go)]() mutable { go(true); }); };
  co_await await_callback<bool>(start);
}

Task<void> read_grpc(std::shared_ptr<Connections> connections, std::shared_ptr<DocumentRun> run, Buffer request,
                     Metadata metadata) {
  grpc::CallOptions options;
  options.metadata = std::move(metadata);
  options.deadline = run->context().deadline;
  auto stream = connections->channel().open("/jina.JinaSingleDocumentRequestRPC/stream_doc", std::move(options));
  const auto stop = run->context().on_cancel([stream](CancelReason) { stream->cancel(); });
  stream->write(std::move(request));
  stream->writes_done();
  while (true) {
    auto start = [stream](UniqueFunction<void(std::optional<Buffer>)> done) { stream->read(std::move(done)); };
    std::optional<Buffer> next = co_await await_callback<std::optional<Buffer>>(start);
    if (!next) break;
    if (!run->write(std::move(*next))) {
      stream->cancel();
      co_return;
    }
    co_await room_in(run);
  }
  run->finish(stream->status(), {});
}

/// The answer as stream_doc gives it over gRPC.
Result<Buffer> answer_of_event(std::string_view endpoint, std::string_view json) {
  auto doc = document_from_json(json);
  if (!doc) return Status{StatusCode::kInternal, "the answer is no Document: " + doc.error().message};
  StreamOptions options;
  options.exec_endpoint = endpoint;
  return streamer::encode_document_request(*doc, options, "");
}

/// The failure that an event tells of: an Executor that raised is an answer, as over gRPC, anything else ends the stream.
Result<Buffer> failure_of_event(std::string_view json) {
  boost::system::error_code error;
  const auto parsed = boost::json::parse(json, error);
  const auto* object = error ? nullptr : parsed.if_object();
  const auto* status = object == nullptr ? nullptr : object->if_contains("status");
  const auto* detail = object == nullptr ? nullptr : object->if_contains("detail");
  const int code = status != nullptr && status->is_int64() ? static_cast<int>(status->get_int64()) : kExecutorRaised;
  if (code != kExecutorRaised) return status_of_http({.status = code, .body = std::string(json)});
  wire::DataRequest answer;
  const bool told = detail != nullptr && detail->is_string();
  const std::string description(told ? std::string_view(detail->get_string()) : json);
  wire::set_status(answer, wire::encode_error_status({.description = description, .exception_name = "ExecutorError"}));
  return answer.serialize();
}

Task<void> read_http(std::shared_ptr<Connections> connections, std::shared_ptr<DocumentRun> run, std::string endpoint,
                     Result<std::string> body, Metadata headers) {
  if (!body) {
    run->finish(body.error(), {});
    co_return;
  }
  HttpRequest request;
  request.path = endpoint.starts_with('/') ? endpoint : "/" + endpoint;
  request.headers = std::move(headers);
  request.body = std::move(*body);
  Status broken;
  bool ended = false;
  // The events of one chunk are kept all; the next chunk waits until enough of them were read.
  auto on_event = [&run, &broken, &ended, &endpoint](std::string_view name, std::string_view data) {
    ended = ended || name == "end" || name == "error";
    if (name == "end" || data.empty()) return true;
    auto answer = name == "error" ? failure_of_event(data) : answer_of_event(endpoint, data);
    if (!answer) {
      broken = answer.error();
      return false;
    }
    return run->write(std::move(*answer));
  };
  const std::function<Task<void>()> room = [&run] { return room_in(run); };
  boost::asio::cancellation_signal stop;
  const auto abandoned = run->context().on_cancel([&stop](CancelReason) { stop.emit(boost::asio::cancellation_type::terminal); });
  Status status{StatusCode::kCancelled, "the stream was given up"};
  try {
    Task<Status> events = read_events(connections->target(), std::move(request), on_event, room);
    Status late{StatusCode::kDeadlineExceeded, "the stream did not end in time"};
    Task<Status> timed = until<Status>(run->context().deadline, std::move(events), std::move(late));
    const auto executor = co_await boost::asio::this_coro::executor;
    status = co_await boost::asio::co_spawn(executor, std::move(timed),
                                            boost::asio::bind_cancellation_slot(stop.slot(), boost::asio::use_awaitable));
  } catch (const boost::system::system_error& error) {
    if (error.code() != boost::asio::error::operation_aborted) throw;
  }
  if (status.ok() && !ended) status = {StatusCode::kUnavailable, connections->url() + " ended the stream before its end"};
  run->finish(broken.ok() ? std::move(status) : std::move(broken), {});
}

Result<std::string> one_document(const Document& doc) {
  std::string list;
  if (!json::append_documents(list, DocumentArray{doc}))
    return Status{StatusCode::kInvalidArgument, "the Document holds what JSON can not say; send it over grpc://"};
  return list.substr(1, list.size() - 2);
}

}  // namespace

std::shared_ptr<streamer::AnswerSource> make_document_stream(std::shared_ptr<Connections> connections, std::string endpoint,
                                                             Document doc, PostOptions options) {
  auto run = std::make_shared<DocumentRun>(nullptr, options.timeout);
  Metadata metadata = connections->metadata_with(options.metadata);
  auto& io = connections->io();
  switch (connections->target().protocol) {
    case Protocol::kGrpc: {
      StreamOptions header;
      header.exec_endpoint = endpoint;
      header.target_executor = options.target_executor;
      header.parameters = options.parameters;
      header.request_id = options.request_id;
      Buffer request = streamer::encode_document_request(doc, header, "");
      boost::asio::co_spawn(io, read_grpc(connections, run, std::move(request), std::move(metadata)), boost::asio::detached);
      break;
    }
    case Protocol::kHttp:
      boost::asio::co_spawn(io, read_http(connections, run, std::move(endpoint), one_document(doc), std::move(metadata)),
                            boost::asio::detached);
      break;
    case Protocol::kWebSocket:
      run->finish({StatusCode::kUnimplemented, "there is no stream_doc over WebSocket; use grpc:// or http://"}, {});
  }
  return run;
}

}  // namespace jina::client
