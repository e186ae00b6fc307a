#include "head/combine_answers.hpp"

#include <algorithm>
#include <string>

#include "document/document_codec.hpp"
#include "document/parameters.hpp"
#include "topology/document_steps.hpp"

namespace jina::head {
namespace {

std::size_t first_success(const std::vector<wire::DataRequest>& answers) {
  for (std::size_t i = 0; i < answers.size(); ++i)
    if (const auto header = wire::parse_header(answers[i].header.view()); header && !header->status_is_error) return i;
  return 0;
}

Result<Bytes> merged_parameters(const std::vector<wire::DataRequest>& answers) {
  ResultsCollector results;
  for (const wire::DataRequest& answer : answers)
    if (answer.parameters) results.add(answer.parameters->view());
  const Bytes first = answers.front().parameters.value_or(Bytes{});
  return results.empty() ? parameters_with_results_key(first) : results.merge_into(first);
}

}  // namespace

void merge_routes(std::vector<wire::DataRequest>& requests) {
  if (requests.size() < 2) return;
  std::string merged = requests.front().routes.str();
  std::vector<std::string_view> seen;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    wire::RouteReader routes(requests[i].routes.view());
    while (routes.next()) {
      const bool known = std::find(seen.begin(), seen.end(), routes.route().executor) != seen.end();
      if (known && i > 0) continue;
      if (!known) seen.push_back(routes.route().executor);
      if (i > 0) merged.append(routes.route().raw);
    }
  }
  // The names point into the old routes.
  seen.clear();
  requests.front().routes = Bytes::take(std::move(merged));
}

Result<wire::DataRequest> reduce_answers(std::vector<wire::DataRequest> answers) {
  Result<Bytes> parameters = merged_parameters(answers);
  if (!parameters) return std::move(parameters).error();
  Result<wire::DataRequest> merged = topology::reduce_requests(std::move(answers));
  if (merged) merged->parameters = std::move(*parameters);
  return merged;
}

Result<wire::DataRequest> answer_with_inputs(std::vector<wire::DataRequest> answers,
                                             const std::vector<wire::DataRequest>& requests) {
  wire::DataRequest answer = std::move(answers[first_success(answers)]);
  if (requests.size() == 1 && requests.front().data) {
    answer.data = requests.front().data;
    return answer;
  }
  DocumentArray all;
  for (const wire::DataRequest& request : requests) {
    if (!request.data) continue;
    Result<DocumentArray> docs = decode_documents(*request.data);
    if (!docs) return std::move(docs).error();
    std::move(docs->begin(), docs->end(), std::back_inserter(all));
  }
  answer.data = encode_documents(all);
  return answer;
}

}  // namespace jina::head
