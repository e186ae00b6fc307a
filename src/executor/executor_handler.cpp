#include "executor/executor_handler.hpp"

#include "base/ids.hpp"
#include "document/document_codec.hpp"
#include "document/struct_codec.hpp"
#include "executor/endpoint_schemas.hpp"
#include "wire/pb_reader.hpp"

namespace jina {
namespace {

// Bound by every Jina Executor: a gateway's dry run arrives here.
constexpr std::string_view kDryRunEndpoint = "_jina_dry_run_";

void add_status(wire::DataRequest& request, const std::string& status) {
  std::string header = request.header.str();
  wire::PbWriter(header).bytes(2, status);
  request.header = Bytes::take(std::move(header));
  request.has_header = true;
}

std::string encode_failure(const EndpointFailure& failure, const std::string& class_name) {
  return wire::encode_error_status({failure.description, failure.name, {failure.message}, {failure.name + ": " + failure.message + "\n"}, class_name});
}

// One stream of Call: requests are answered as they finish, a bounded number at a time.
class CallStream : public std::enable_shared_from_this<CallStream> {
 public:
  CallStream(ExecutorHandler& handler, RequestContext& context, std::shared_ptr<protocol::RequestStream> stream)
      : handler_(handler), context_(context), stream_(std::move(stream)) {}

  void read() {
    if (reading_ || ended_ || running_ >= kMostRunning) return;
    reading_ = true;
    stream_->read([self = shared_from_this()](std::optional<Buffer> message) {
      self->reading_ = false;
      self->on_message(std::move(message));
    });
  }

 private:
  static constexpr int kMostRunning = 256;

  void on_message(std::optional<Buffer> message) {
    if (!message) {
      ended_ = true;
      return finish_if_done();
    }
    Result<wire::DataRequest> request = wire::DataRequest::parse(*message);
    if (!request) {
      ended_ = true;
      status_ = std::move(request).error();
      return finish_if_done();
    }
    ++running_;
    handler_.process_single_data(context_, std::move(*request), [self = shared_from_this()](wire::Reply reply) { self->on_reply(std::move(reply)); });
    read();
  }
  void on_reply(wire::Reply reply) {
    --running_;
    if (reply.status.ok()) {
      stream_->write(reply.response.serialize());
    } else if (status_.ok()) {
      status_ = std::move(reply.status);
      ended_ = true;
    }
    if (ended_) return finish_if_done();
    stream_->when_writable([self = shared_from_this()] { self->read(); });
  }
  void finish_if_done() {
    if (ended_ && running_ == 0) stream_->finish(std::move(status_), {});
  }

  ExecutorHandler& handler_;
  RequestContext& context_;
  std::shared_ptr<protocol::RequestStream> stream_;
  Status status_;
  int running_ = 0;
  bool reading_ = false;
  bool ended_ = false;
};

}  // namespace

void ExecutorHandler::process_single_data(RequestContext& context, wire::DataRequest request, wire::ReplyCallback done) {
  std::vector<wire::DataRequest> requests;
  requests.push_back(std::move(request));
  process_data(context, std::move(requests), std::move(done));
}

void ExecutorHandler::process_data(RequestContext& context, std::vector<wire::DataRequest> requests, wire::ReplyCallback done) {
  if (requests.empty()) return done({{StatusCode::kInvalidArgument, "the list of requests is empty"}, {}, {}});
  Result<wire::HeaderView> header = wire::parse_header(requests.front().header.view());
  if (!header) return done({std::move(header).error(), {}, {}});
  const std::string_view path = header->exec_endpoint.value_or("");
  const bool dry_run = path == kDryRunEndpoint;
  const Endpoint* endpoint = dry_run ? nullptr : host_.endpoints().find(path);
  if (endpoint == nullptr) {
    // Not bound: the Documents pass through untouched, without being decoded.
    wire::DataRequest response = std::move(requests.front());
    if (dry_run) {
      std::string routes = response.routes.str();
      wire::append_route(routes, {deployment_, {}, {}, {}});
      response.routes = Bytes::take(std::move(routes));
    }
    return done({{}, std::move(response), {}});
  }

  auto call = std::make_shared<EndpointCall>(EndpointCall{{}, {}, context});
  for (const wire::DataRequest& request : requests) {
    if (!request.data) continue;
    Result<DocumentArray> docs = decode_documents(*request.data);
    if (!docs) return done({std::move(docs).error(), {}, {}});
    if (requests.size() > 1) call->docs_matrix.push_back(*docs);
    call->docs.insert(call->docs.end(), std::make_move_iterator(docs->begin()), std::make_move_iterator(docs->end()));
  }
  wire::DataRequest first = std::move(requests.front());
  if (first.parameters) {
    Result<Parameters> parameters = decode_struct(first.parameters->view());
    if (!parameters) return done({std::move(parameters).error(), {}, {}});
    call->parameters = std::move(*parameters);
  }
  host_.run(*endpoint, std::move(call),
            [this, first = std::move(first), done = std::move(done)](std::shared_ptr<EndpointCall> finished, std::optional<EndpointFailure> failure) mutable {
              finish(std::move(first), *finished, failure, std::move(done));
            });
}

void ExecutorHandler::finish(wire::DataRequest request, EndpointCall& call, const std::optional<EndpointFailure>& failure, wire::ReplyCallback done) {
  wire::Reply reply;
  if (failure) {
    add_status(request, encode_failure(*failure, host_.class_name()));
    reply.trailing.emplace_back("is-error", "true");
    reply.response = std::move(request);
    return done(std::move(reply));
  }
  request.data = encode_documents(call.docs);
  if (call.results) {
    boost::json::object& all = call.parameters["__results__"].is_object() ? call.parameters["__results__"].get_object()
                                                                         : call.parameters["__results__"].emplace_object();
    all[host_.args().name] = std::move(*call.results);
    request.parameters = Bytes::take(encode_struct(call.parameters));
  }
  std::string routes = request.routes.str();
  wire::append_route(routes, {deployment_, {}, {}, {}});
  request.routes = Bytes::take(std::move(routes));
  reply.response = std::move(request);
  done(std::move(reply));
}

void ExecutorHandler::call(RequestContext& context, std::shared_ptr<protocol::RequestStream> stream) {
  std::make_shared<CallStream>(*this, context, std::move(stream))->read();
}

void ExecutorHandler::stream_doc(RequestContext&, Buffer request, std::shared_ptr<protocol::RequestStream> stream) {
  // An endpoint that is no generator answers with the input and an error status, as Jina does.
  const Bytes bytes = request.flatten();
  wire::PbReader reader(bytes.view());
  std::string header;
  while (reader.next())
    if (reader.is(1, wire::WireType::kLengthDelimited)) header.append(reader.bytes());
  Result<wire::HeaderView> view = wire::parse_header(header);
  if (reader.failed() || !view) return stream->finish({StatusCode::kInvalidArgument, "not a SingleDocumentRequestProto"}, {});
  if (host_.endpoints().find(view->exec_endpoint.value_or("")) == nullptr) {
    stream->write(std::move(request));
    return stream->finish({StatusCode::kUnknown, "the endpoint is not bound"}, {});
  }
  const EndpointFailure failure{"ValueError", "endpoint must be generator", "ValueError('endpoint must be generator')"};
  std::string status;
  wire::PbWriter(status).bytes(2, encode_failure(failure, host_.class_name()));
  std::string message = bytes.str();
  wire::PbWriter(message).bytes(1, status);
  stream->write(Buffer::take(std::move(message)));
  stream->finish({}, {{"is-error", "true"}});
}

void ExecutorHandler::endpoint_discovery(RequestContext&, UniqueFunction<void(Result<Buffer>)> done) {
  done(encode_endpoints(host_.endpoints().paths(), std::string(kDryRunEndpoint)));
}

}  // namespace jina
