// relay_documents: stream_doc of a gateway or a head: the answers of one Executor, passed on as they come.
//
// Thread: one I/O thread. Lifetime: keeps itself until the stream is finished; pool and context outlive it. Cancellation: the
// context's.
#pragma once
#include <memory>
#include <string>

#include "connection_pool/connection_pool.hpp"
#include "protocol/request_handler.hpp"

namespace jina {

/// `request` is the encoded SingleDocumentRequestProto as it goes to the Executor.
void relay_documents(ConnectionPool& pool, RequestContext& context, std::string deployment, std::string endpoint, Buffer request,
                     std::shared_ptr<protocol::RequestStream> stream);

}  // namespace jina
