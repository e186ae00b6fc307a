// stream_doc across threads: the caller's stream as the hosts' thread sees it.
//
// Thread: see each function. Lifetime: keeps itself until the stream is finished. Cancellation: the caller's context.
#pragma once
#include <boost/asio/io_context.hpp>
#include <memory>

#include "base/buffer.hpp"
#include "colocation/local_hosts.hpp"
#include "protocol/request_handler.hpp"

namespace jina::colocation {

/// On the thread of `io`, whose context and stream these are.
void stream_from_other_thread(boost::asio::io_context& io, LocalHosts& hosts, LocalHosts::Deployment& deployment,
                              RequestContext& context, Buffer request, std::shared_ptr<protocol::RequestStream> stream);

}  // namespace jina::colocation
