// answer_document: stream_doc of a generator endpoint: its Documents go out as they are made, no faster than the client takes them.
//
// Thread: the I/O thread. Lifetime: keeps itself until the stream is finished. Cancellation: when the client is gone, what the
// generator awaits ends with operation_aborted, and the generator is destroyed.
#pragma once
#include <memory>
#include <string_view>

#include "executor/executor_host.hpp"
#include "protocol/request_handler.hpp"
#include "wire/data_request.hpp"

namespace jina {

/// `request` is a SingleDocumentRequestProto; `endpoint` has a generator. An exception becomes a last item, the request with
/// header.status ERROR.
void answer_document(ExecutorHost& host, RequestContext& context, const Endpoint& endpoint, std::string_view span_name,
                     wire::DataRequest request, std::shared_ptr<protocol::RequestStream> stream,
                     UniqueFunction<void(bool failed)> ended = {});

}  // namespace jina
