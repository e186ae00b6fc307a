#include <stdexcept>

#include "protocol/grpc/server.hpp"

namespace jina::grpc {

void ServiceTable::add_unary(std::string path, UnaryHandler handler) {
  if (!methods_.try_emplace(path, Method{std::move(handler), nullptr}).second)
    throw std::logic_error("gRPC method " + path + " is registered twice");
}

void ServiceTable::add_stream(std::string path, StreamHandler handler) {
  if (!methods_.try_emplace(path, Method{nullptr, std::move(handler)}).second)
    throw std::logic_error("gRPC method " + path + " is registered twice");
}

const ServiceTable::Method* ServiceTable::find(std::string_view path) const noexcept {
  const auto found = methods_.find(path);
  return found == methods_.end() ? nullptr : &found->second;
}

}  // namespace jina::grpc
