#include "streamer/request_batcher.hpp"

#include <algorithm>
#include <iterator>

#include "base/ids.hpp"
#include "document/request_documents.hpp"
#include "document/struct_codec.hpp"
#include "document/wire_form.hpp"

namespace jina::streamer {

RequestBatcher::RequestBatcher(DocumentArray docs, const StreamOptions& options)
    : docs_(std::move(docs)),
      size_(std::max<std::size_t>(options.request_size, 1)),
      exec_endpoint_(options.exec_endpoint),
      target_executor_(options.target_executor),
      parameters_(Bytes::take(encode_struct(options.parameters))) {
  if (docs_.size() <= size_) request_id_ = options.request_id;
}

std::optional<wire::DataRequest> RequestBatcher::next() {
  if (empty()) return std::nullopt;
  const auto from = docs_.begin() + static_cast<std::ptrdiff_t>(at_);
  at_ = std::min(at_ + size_, docs_.size());
  const auto to = docs_.begin() + static_cast<std::ptrdiff_t>(at_);
  DocumentArray batch(std::make_move_iterator(from), std::make_move_iterator(to));

  const std::string request_id = request_id_.empty() ? random_id() : request_id_;
  wire::HeaderFields header;
  header.request_id = request_id;
  if (!exec_endpoint_.empty()) header.exec_endpoint = exec_endpoint_;
  if (!target_executor_.empty()) header.target_executor = target_executor_;
  wire::DataRequest request;
  request.header = Bytes::take(wire::encode_header(header));
  request.has_header = true;
  if (!parameters_.empty()) request.parameters = parameters_;
  numbers_as_on_wire(batch);
  set_documents(request, std::move(batch));
  return request;
}

}  // namespace jina::streamer
