// discover_endpoints: the endpoints of several deployments as one EndpointsProto.
//
// Thread: one I/O thread. Lifetime: pool and context outlive the call. Cancellation: the context's.
#pragma once
#include "connection_pool/connection_pool.hpp"

namespace jina {

/// How one deployment is asked; answers with its EndpointsProto, possibly before it returns.
using AskEndpoints = UniqueFunction<void(const std::string& deployment, UniqueFunction<void(Result<Buffer>)> done)>;

/// Asks one replica of `deployment`.
void ask_endpoints(ConnectionPool& pool, RequestContext& context, const std::string& deployment,
                   UniqueFunction<void(Result<Buffer>)> done);

/// Asks each of `deployments`; names come once, in that order, and schemas of the later ones win. The first failure ends it.
void discover_endpoints(AskEndpoints ask, std::vector<std::string> deployments, UniqueFunction<void(Result<Buffer>)> done);
/// The same across the network.
void discover_endpoints(ConnectionPool& pool, RequestContext& context, std::vector<std::string> deployments,
                        UniqueFunction<void(Result<Buffer>)> done);

}  // namespace jina
