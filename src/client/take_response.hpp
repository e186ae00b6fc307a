// What the `post` functions do with an answer: callbacks, exceptions, what is kept.
//
// Thread: that of the caller. Lifetime: none. Cancellation: none.
#pragma once
#include "jina/client.hpp"

namespace jina::client {

/// As in Jina, who has callbacks for them gets no answers returned.
inline bool keeps_answers(const PostOptions& options) { return !options.on_done && !options.on_always; }
inline bool has_callbacks(const PostOptions& options) { return options.on_done || options.on_always || options.on_error; }

/// False for an Executor's failure that nobody took.
bool call_back(const PostOptions& options, const Response& response);
/// Throws ExecutorFailed.
void take_documents(const PostOptions& options, Response response, DocumentArray& into);
void take_response(const PostOptions& options, Response response, std::vector<Response>& into);

}  // namespace jina::client
