#include "connection_pool/endpoint_discovery.hpp"

#include <algorithm>

#include "wire/pb_reader.hpp"

namespace jina {
namespace {

class Discovery : public std::enable_shared_from_this<Discovery> {
 public:
  Discovery(AskEndpoints ask, std::vector<std::string> deployments, UniqueFunction<void(Result<Buffer>)> done)
      : ask_(std::move(ask)), names_(std::move(deployments)), done_(std::move(done)) {}

  void next() {
    if (at_ == names_.size()) return done_(Buffer::take(std::move(message_)));
    ask_(names_[at_++], [self = shared_from_this()](Result<Buffer> answer) {
      if (!answer) return self->done_(std::move(answer).error());
      const Bytes bytes = answer->flatten();
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

  AskEndpoints ask_;
  std::vector<std::string> names_;
  UniqueFunction<void(Result<Buffer>)> done_;
  std::vector<std::string> seen_;
  std::string message_;
  std::size_t at_ = 0;
};

}  // namespace

void ask_endpoints(ConnectionPool& pool, RequestContext& context, const std::string& deployment,
                   UniqueFunction<void(Result<Buffer>)> done) {
  pool.call(context, deployment, "", "/jina.JinaDiscoverEndpointsRPC/endpoint_discovery", Buffer{},
            [done = std::move(done)](grpc::UnaryReply reply) mutable {
              if (!reply.status.ok()) return done(std::move(reply.status));
              done(std::move(reply.message));
            });
}

void discover_endpoints(AskEndpoints ask, std::vector<std::string> deployments, UniqueFunction<void(Result<Buffer>)> done) {
  std::make_shared<Discovery>(std::move(ask), std::move(deployments), std::move(done))->next();
}

void discover_endpoints(ConnectionPool& pool, RequestContext& context, std::vector<std::string> deployments,
                        UniqueFunction<void(Result<Buffer>)> done) {
  auto ask = [&pool, &context](const std::string& deployment, UniqueFunction<void(Result<Buffer>)> answered) {
    ask_endpoints(pool, context, deployment, std::move(answered));
  };
  discover_endpoints(std::move(ask), std::move(deployments), std::move(done));
}

}  // namespace jina
