// The steps of a graph that look into the Documents: conditions, fan-in with reduce, order of the answer. Only graphs that have
// such a step ever decode `data`.
//
// Thread: free functions; a NodeCondition is immutable. Lifetime: results share the memory of their inputs. Cancellation: none.
#pragma once
#include <boost/json/value.hpp>
#include <memory>
#include <string>
#include <vector>

#include "jina/status.hpp"
#include "wire/data_request.hpp"

namespace jina::topology {

class NodeCondition;

/// One filter of --graph-conditions. INVALID_ARGUMENT says what is wrong with it.
Result<std::shared_ptr<const NodeCondition>> parse_condition(const boost::json::value& filter);

/// Removes the Documents that do not match.
Status filter_documents(wire::DataRequest& request, const NodeCondition& condition);

/// One request of several, in order of arrival: header and routes of the first that succeeded, Documents merged by id.
/// The parameters are left to the caller.
Result<wire::DataRequest> reduce_requests(std::vector<wire::DataRequest> requests);

/// Ids of the Documents of `request`, in order.
Result<std::vector<std::string>> document_ids(const wire::DataRequest& request);
/// Sorts the Documents by the position of their id in `order`; unknown ones go last, as they come.
Status sort_documents(wire::DataRequest& response, const std::vector<std::string>& order);

}  // namespace jina::topology
