#include "protocol/request_handler.hpp"

#include "protocol/grpc/service_info.hpp"

namespace jina::protocol {
namespace {
// Jina's words for a method that a server does not have.
Status unimplemented() { return {StatusCode::kUnimplemented, "Method not found!"}; }
}  // namespace

void RequestHandler::process_data(RequestContext&, std::vector<wire::DataRequest>, wire::ReplyCallback done) {
  done(wire::Reply{unimplemented(), {}, {}});
}
void RequestHandler::info(RequestContext&, UniqueFunction<void(Result<Buffer>)> done) { done(grpc::encode_service_info()); }
void RequestHandler::dry_run(RequestContext&, UniqueFunction<void(Result<Buffer>)> done) { done(unimplemented()); }

}  // namespace jina::protocol
