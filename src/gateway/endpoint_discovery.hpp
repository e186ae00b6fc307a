// discover_endpoints: the endpoints of all Executors of a Flow as one EndpointsProto.
//
// Thread: one I/O thread. Lifetime: pool and context outlive the call. Cancellation: the context's.
#pragma once
#include "connection_pool/connection_pool.hpp"

namespace jina::gateway {

/// Asks one replica of every deployment; names come once, in the order of the deployments. The first failure ends it.
void discover_endpoints(ConnectionPool& pool, RequestContext& context, UniqueFunction<void(Result<Buffer>)> done);

}  // namespace jina::gateway
