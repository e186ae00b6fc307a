// The answers of a generator endpoint (stream_doc) for a ResponseStream: over gRPC, or as server-sent events over HTTP.
//
// Thread: one I/O thread. Lifetime: shared with what reads. Cancellation: abandon().
#pragma once
#include <memory>

#include "client/connections.hpp"
#include "streamer/answer_source.hpp"

namespace jina::client {

std::shared_ptr<streamer::AnswerSource> make_document_stream(std::shared_ptr<Connections> connections, std::string endpoint,
                                                             Document doc, PostOptions options);

}  // namespace jina::client
