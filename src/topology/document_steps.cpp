#include "topology/document_steps.hpp"

#include <algorithm>
#include <string_view>
#include <unordered_map>

#include "document/condition.hpp"
#include "document/normalize.hpp"
#include "document/reduce.hpp"
#include "document/request_documents.hpp"

namespace jina::topology {

class NodeCondition {
 public:
  explicit NodeCondition(Condition condition) : condition_(std::move(condition)) {}
  bool matches(const Document& document) const { return condition_.matches(document); }

 private:
  Condition condition_;
};

namespace {

// docs_bytes are a matter of the Executors: nobody can look into them here.
Result<DocumentArray> docs_in(Result<DataContent> content) {
  if (!content) return std::move(content).error();
  if (content->docs_bytes)
    return Status{StatusCode::kInvalidArgument,
                  "data.docs_bytes: this Flow merges or filters Documents in its gateway; send data.docs instead"};
  return content->docs ? std::move(*content->docs) : DocumentArray{};
}

}  // namespace

Result<std::shared_ptr<const NodeCondition>> parse_condition(const boost::json::value& filter) {
  Result<Condition> condition = Condition::compile(filter);
  if (!condition) return std::move(condition).error();
  return std::make_shared<const NodeCondition>(std::move(*condition));
}

Status filter_documents(wire::DataRequest& request, const NodeCondition& condition) {
  Result<DocumentArray> docs = docs_in(take_content(request));
  if (!docs) return std::move(docs).error();
  normalize_like_docarray(*docs);
  std::erase_if(*docs, [&](const Document& document) { return !condition.matches(document); });
  set_documents(request, std::move(*docs));
  return {};
}

Result<wire::DataRequest> reduce_requests(std::vector<wire::DataRequest> requests) {
  std::vector<DocumentArray> inputs;
  inputs.reserve(requests.size());
  wire::DataRequest* base = nullptr;
  for (wire::DataRequest& request : requests) {
    if (base == nullptr)
      if (const Result<wire::HeaderView> header = wire::parse_header(request.header.view()); header && !header->status_is_error)
        base = &request;
    Result<DocumentArray> docs = docs_in(take_content(request));
    if (!docs) return std::move(docs).error();
    inputs.push_back(std::move(*docs));
  }
  wire::DataRequest merged = std::move(base != nullptr ? *base : requests.front());
  set_documents(merged, reduce_all(std::move(inputs)));
  return merged;
}

Result<std::vector<std::string>> document_ids(const wire::DataRequest& request) {
  std::vector<std::string> ids;
  if (const DocumentArray* decoded = decoded_documents(request)) {
    for (const Document& document : *decoded) ids.push_back(document.id);
    return ids;
  }
  Result<DocumentArray> docs = docs_in(content_of(request));
  if (!docs) return std::move(docs).error();
  ids.reserve(docs->size());
  for (Document& document : *docs) ids.push_back(std::move(document.id));
  return ids;
}

Status sort_documents(wire::DataRequest& response, const std::vector<std::string>& order) {
  if (!response.has_data()) return {};
  Result<DocumentArray> docs = docs_in(take_content(response));
  if (!docs) return std::move(docs).error();
  normalize_like_docarray(*docs);
  std::unordered_map<std::string_view, std::size_t> position;
  for (std::size_t at = 0; at < order.size(); ++at) position.try_emplace(order[at], at);
  const auto of = [&](const Document& document) {
    const auto known = position.find(document.id);
    return known != position.end() ? known->second : order.size();
  };
  std::stable_sort(docs->begin(), docs->end(), [&](const Document& a, const Document& b) { return of(a) < of(b); });
  set_documents(response, std::move(*docs));
  return {};
}

}  // namespace jina::topology
