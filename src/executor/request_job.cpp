#include "executor/request_job.hpp"

#include <iterator>

#include "document/normalize.hpp"
#include "document/request_documents.hpp"
#include "document/struct_codec.hpp"
#include "document/wire_form.hpp"

namespace jina {
namespace {

// Who a request comes from: its last route.
std::string source_of(const wire::DataRequest& request) {
  std::string source;
  wire::RouteReader routes(request.routes.view());
  while (routes.next()) source = std::string(routes.route().executor);
  return source;
}

}  // namespace

void append_own_route(wire::DataRequest& request, std::string_view deployment) {
  std::string routes = request.routes.str();
  wire::append_route(routes, {deployment, {}, {}, {}});
  request.routes = Bytes::take(std::move(routes));
}

RequestJob::RequestJob(RequestContext& context, std::vector<wire::DataRequest> requests, const Endpoint& endpoint,
                       const ExecutorNames& names, wire::ReplyCallback done, const Tracer* tracer, std::string_view span_name)
    : requests_(std::move(requests)),
      endpoint_(endpoint),
      names_(names),
      done_(std::move(done)),
      tracer_(tracer != nullptr && tracer->enabled() ? tracer : nullptr),
      call_{{}, {}, tracer_ != nullptr ? traced_.emplace(context).get() : context} {
  if (tracer_ != nullptr) span_name_ = std::string(span_name);
}

void RequestJob::begin() {
  if (tracer_ == nullptr) return;
  TraceContext& trace = traced_->get().trace;
  span_ = tracer_->start_span(span_name_, {.parent = trace});
  trace = span_.context();
}

bool RequestJob::decode() {
  // What the function does not look at stays as it came.
  Status status;
  if (endpoint_.wants_parameters || endpoint_.options.batching) status = decode_parameters();
  if (status.ok() && (endpoint_.wants_docs || endpoint_.options.batching || requests_.size() > 1)) status = decode_documents();
  if (status.ok()) return true;
  fail(std::move(status));
  return false;
}

Status RequestJob::decode_parameters() {
  parameters_decoded_ = true;
  if (!requests_.front().parameters) return {};
  Result<Parameters> parameters = decode_struct(requests_.front().parameters->view());
  if (!parameters) return std::move(parameters).error();
  call_.parameters = std::move(*parameters);
  return {};
}

Status RequestJob::decode_documents() {
  std::size_t count = 0;
  for (const wire::DataRequest& request : requests_) {
    DocumentArray docs;
    if (request.has_data()) {
      // A copy where they are decoded already: what a function that throws did to them must not be seen.
      Result<DataContent> content = content_of(request);
      if (!content) return std::move(content).error();
      if (content->docs_bytes)
        return {StatusCode::kInvalidArgument,
                "the request has docs_bytes, which only Python can read; send the Documents as `docs`"};
      if (content->docs) docs = std::move(*content->docs);
      normalize_like_docarray(docs);
    }
    count += docs.size();
    if (endpoint_.wants_sources) call_.docs_by_source[source_of(request)] = docs;
    if (endpoint_.wants_matrix) call_.docs_matrix.push_back(docs);
    if (call_.docs.empty()) {
      call_.docs = std::move(docs);
    } else {
      call_.docs.insert(call_.docs.end(), std::make_move_iterator(docs.begin()), std::make_move_iterator(docs.end()));
    }
  }
  if (count == 0) call_.docs_matrix.clear();
  return {};
}

void RequestJob::encode() {
  span_.end();
  const bool untouched = !endpoint_.wants_docs && !endpoint_.changes_docs && !endpoint_.options.batching && requests_.size() == 1 &&
                         requests_.front().has_data();
  if (keep_documents_ && !untouched)
    if (Status status = bring_into_wire_form(call_.docs); !status.ok())
      return fail(Status{StatusCode::kInternal, names_.class_name + " left Documents that can not be sent: " + status.message});
  wire::DataRequest& response = reply_.response;
  response = std::move(requests_.front());
  if (untouched) {
    // The same bytes, or the same Documents, go on.
  } else if (keep_documents_) {
    set_documents(response, std::move(call_.docs));
  } else {
    set_encoded_documents(response, encode_documents(call_.docs));
  }
  if (call_.results) {
    if (!parameters_decoded_) {
      requests_.front().parameters = response.parameters;
      if (Status status = decode_parameters(); !status.ok()) return fail(std::move(status));
    }
    boost::json::value& all = call_.parameters["__results__"];
    if (!all.is_object()) all.emplace_object();
    all.get_object()[names_.pod] = std::move(*call_.results);
    response.parameters = Bytes::take(encode_struct(call_.parameters));
  }
  append_own_route(response, names_.deployment);
}

void RequestJob::fail(const EndpointFailure& failure) {
  span_.record_error(failure.name, failure.description).end();
  wire::set_status(requests_.front(), failure.encode(names_.class_name));
  reply_.response = std::move(requests_.front());
  reply_.trailing.emplace_back("is-error", "true");
}

void RequestJob::fail(Status status) {
  span_.set_error(status.to_string()).end();
  reply_.status = std::move(status);
}

boost::asio::cancellation_slot RequestJob::watch_cancellation() {
  registration_ = call_.context.on_cancel([this](CancelReason) { signal_.emit(boost::asio::cancellation_type::terminal); });
  return signal_.slot();
}

void RequestJob::complete() {
  registration_.reset();
  if (traced_) traced_->leave_parent();
  done_(std::move(reply_));
}

}  // namespace jina
