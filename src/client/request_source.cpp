#include "client/request_source.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <limits>

#include "base/ids.hpp"
#include "document/document_codec.hpp"
#include "document/struct_codec.hpp"

namespace jina::client {
namespace {

Status inputs_failed(std::exception_ptr thrown) {
  std::string why = "something that is no std::exception";
  try {
    std::rethrow_exception(thrown);
  } catch (const std::exception& error) {
    why = error.what();
  } catch (...) {
  }
  return {StatusCode::kInvalidArgument, "the inputs of the request threw: " + why};
}

// Jina's client adds this when there are no parameters; Executors see it.
boost::json::object with_results_key(const boost::json::object& parameters) {
  return parameters.empty() ? boost::json::object{{"__results__", boost::json::object{}}} : parameters;
}

}  // namespace

RequestSource::RequestSource(boost::asio::any_io_executor executor, std::string endpoint, Inputs inputs, const PostOptions& options)
    : executor_(std::move(executor)),
      source_(std::move(inputs).take()),
      size_(options.request_size == 0 ? std::numeric_limits<std::size_t>::max() : options.request_size),
      endpoint_(std::move(endpoint)),
      target_executor_(options.target_executor),
      parameters_(Bytes::take(encode_struct(with_results_key(options.parameters)))) {
  const auto* docs = std::get_if<DocumentArray>(&source_);
  if (docs == nullptr ? std::holds_alternative<std::monostate>(source_) : docs->size() <= size_) request_id_ = options.request_id;
}

void RequestSource::next(Got got) {
  if (ended_) return got(std::optional<Request>{});
  if (std::holds_alternative<std::monostate>(source_)) {
    ended_ = true;
    return got(std::optional<Request>(make_empty()));
  }
  if (auto* docs = std::get_if<DocumentArray>(&source_)) return got(next_of_array(*docs));
  if (auto* function = std::get_if<Inputs::Next>(&source_)) return got(next_of_function(*function));
  boost::asio::co_spawn(
      executor_, next_of_coroutine(),
      [self = shared_from_this(), got = std::move(got)](std::exception_ptr thrown, std::optional<Request> result) mutable {
        if (thrown) {
          self->ended_ = true;
          return got(inputs_failed(thrown));
        }
        got(std::move(result));
      });
}

std::optional<RequestSource::Request> RequestSource::next_of_array(DocumentArray& docs) {
  if (at_ == docs.size()) {
    ended_ = true;
    return std::nullopt;
  }
  const auto from = docs.begin() + static_cast<std::ptrdiff_t>(at_);
  at_ += std::min(size_, docs.size() - at_);
  return make(
      DocumentArray(std::make_move_iterator(from), std::make_move_iterator(docs.begin() + static_cast<std::ptrdiff_t>(at_))));
}

Result<std::optional<RequestSource::Request>> RequestSource::next_of_function(const Inputs::Next& function) {
  DocumentArray docs;
  try {
    while (docs.size() < size_) {
      std::optional<Document> doc = function();
      ended_ = !doc.has_value();
      if (ended_) break;
      docs.push_back(std::move(*doc));
    }
  } catch (...) {
    ended_ = true;
    return inputs_failed(std::current_exception());
  }
  if (docs.empty()) return std::optional<Request>{};
  return std::optional<Request>(make(std::move(docs)));
}

Task<std::optional<RequestSource::Request>> RequestSource::next_of_coroutine() {
  const auto self = shared_from_this();
  const auto& function = std::get<Inputs::AsyncNext>(source_);
  DocumentArray docs;
  while (docs.size() < size_) {
    std::optional<Document> doc = co_await function();
    ended_ = !doc.has_value();
    if (ended_) break;
    docs.push_back(std::move(*doc));
  }
  if (docs.empty()) co_return std::optional<Request>{};
  co_return std::optional<Request>(make(std::move(docs)));
}

RequestSource::Request RequestSource::make(DocumentArray docs) {
  Request request = make_empty();
  request.message.data = encode_documents(docs);
  return request;
}

RequestSource::Request RequestSource::make_empty() {
  Request request{request_id_.empty() ? random_id() : request_id_};
  wire::HeaderFields header;
  header.request_id = request.id;
  header.exec_endpoint = endpoint_;
  if (!target_executor_.empty()) header.target_executor = target_executor_;
  request.message.header = Bytes::take(wire::encode_header(header));
  request.message.has_header = true;
  request.message.parameters = parameters_;
  return request;
}

}  // namespace jina::client
