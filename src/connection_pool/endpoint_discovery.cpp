#include "connection_pool/endpoint_discovery.hpp"

#include <algorithm>

#include "wire/pb_reader.hpp"

namespace jina {
namespace {

class Discovery : public std::enable_shared_from_this<Discovery> {
 public:
  Discovery(ConnectionPool& pool, RequestContext& context, std::vector<std::string> deployments,
            UniqueFunction<void(Result<Buffer>)> done)
      : pool_(pool), context_(context), names_(std::move(deployments)), done_(std::move(done)) {}

  void next() {
    if (at_ == names_.size()) return done_(Buffer::take(std::move(message_)));
    pool_.call(context_, names_[at_++], "", "/jina.JinaDiscoverEndpointsRPC/endpoint_discovery", Buffer{},
               [self = shared_from_this()](grpc::UnaryReply reply) {
                 if (!reply.status.ok()) return self->done_(std::move(reply.status));
                 const Bytes bytes = reply.message.flatten();
                 self->add(bytes.view());
                 self->next();
               });
  }

 private:
  void add(std::string_view encoded) {
    wire::PbReader reader(encoded);
    while (reader.next()) {
      if (reader.type() != wire::WireType::kLengthDelimited) continue;
      // Schemas are a map: maps merge when they are written one after the other.
      const std::string seen = std::to_string(reader.field()) + std::string(reader.bytes());
      if (reader.field() != 3) {
        if (std::find(seen_.begin(), seen_.end(), seen) != seen_.end()) continue;
        seen_.push_back(seen);
      }
      message_.append(reader.raw());
    }
  }

  ConnectionPool& pool_;
  RequestContext& context_;
  std::vector<std::string> names_;
  UniqueFunction<void(Result<Buffer>)> done_;
  std::vector<std::string> seen_;
  std::string message_;
  std::size_t at_ = 0;
};

}  // namespace

void discover_endpoints(ConnectionPool& pool, RequestContext& context, std::vector<std::string> deployments,
                        UniqueFunction<void(Result<Buffer>)> done) {
  std::make_shared<Discovery>(pool, context, std::move(deployments), std::move(done))->next();
}

}  // namespace jina
