// Server reflection, v1alpha and v1: the two differ in their package name only. Its messages are read and written by hand:
// generated classes would be in the pool that modules share, and one that brings them too (grpc++'s reflection) could not be
// loaded.
#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>

#include <set>

#include "protocol/grpc/descriptors.hpp"
#include "protocol/grpc/server.hpp"
#include "wire/pb_reader.hpp"

namespace jina::grpc {
namespace {

using google::protobuf::DescriptorPool;
using google::protobuf::FileDescriptor;
using wire::PbReader;
using wire::PbWriter;
using wire::WireType;

// ServerReflectionRequest; the last of its oneof counts.
struct Request {
  enum Question : std::uint32_t {
    kNothing = 0,
    kFileByFilename = 3,
    kFileContainingSymbol = 4,
    kFileContainingExtension = 5,
    kAllExtensionNumbersOfType = 6,
    kListServices = 7,
  };
  std::string_view host;
  std::uint32_t question = kNothing;
  std::string argument;
};

std::optional<Request> parse(std::string_view message) {
  Request request;
  PbReader reader(message);
  while (reader.next()) {
    if (reader.type() != WireType::kLengthDelimited) continue;
    if (reader.field() == 1) request.host = reader.bytes();
    if (reader.field() < Request::kFileByFilename || reader.field() > Request::kListServices) continue;
    request.question = reader.field();
    request.argument = reader.bytes();
  }
  if (reader.failed()) return std::nullopt;
  return request;
}

// Our own files are not in the pool of generated code: they are put together when somebody asks.
const DescriptorPool& own_pool() {
  static const DescriptorPool* pool = [] {
    auto* made = new DescriptorPool();
    google::protobuf::FileDescriptorSet files;
    files.ParseFromArray(descriptor_set().data(), static_cast<int>(descriptor_set().size()));
    for (const auto& file : files.file()) made->BuildFile(file);
    return made;
  }();
  return *pool;
}

// In our files, else in those of the modules.
template <class Find>
auto find_in_pools(Find find) {
  const auto* found = find(own_pool());
  return found != nullptr ? found : find(*DescriptorPool::generated_pool());
}

// The file and all that it imports, each once, importers first.
void add_files(const FileDescriptor* file, PbWriter& list, std::set<const FileDescriptor*>& seen) {
  if (!seen.insert(file).second) return;
  google::protobuf::FileDescriptorProto proto;
  file->CopyTo(&proto);
  list.bytes(1, proto.SerializeAsString());
  for (int i = 0; i < file->dependency_count(); ++i) add_files(file->dependency(i), list, seen);
}

void put_error(PbWriter& response, StatusCode code, const std::string& text) {
  std::string error;
  PbWriter writer(error);
  writer.varint(1, static_cast<std::uint64_t>(code));
  writer.bytes(2, text);
  response.bytes(7, error);
}

void put_file(PbWriter& response, const FileDescriptor* file, const std::string& wanted) {
  if (file == nullptr) return put_error(response, StatusCode::kNotFound, wanted + " not found");
  std::string files;
  PbWriter list(files);
  std::set<const FileDescriptor*> seen;
  add_files(file, list, seen);
  response.bytes(4, files);
}

void put_services(PbWriter& response, const std::vector<std::string>& names) {
  std::string services;
  PbWriter list(services);
  for (const std::string& name : names) {
    std::string service;
    PbWriter(service).bytes(1, name);
    list.bytes(1, service);
  }
  response.bytes(6, services);
}

// `message` is the request as it came.
Buffer answer(const Request& request, std::string_view message, const std::vector<std::string>& names) {
  std::string out;
  PbWriter response(out);
  response.bytes_if(1, request.host);
  response.bytes(2, message);
  const std::string& wanted = request.argument;
  switch (request.question) {
    case Request::kListServices: put_services(response, names); break;
    case Request::kFileByFilename:
      put_file(response, find_in_pools([&](const DescriptorPool& pool) { return pool.FindFileByName(wanted); }), wanted);
      break;
    case Request::kFileContainingSymbol:
      put_file(response, find_in_pools([&](const DescriptorPool& pool) { return pool.FindFileContainingSymbol(wanted); }), wanted);
      break;
    case Request::kAllExtensionNumbersOfType:  // proto3 messages have no extensions
      if (find_in_pools([&](const DescriptorPool& pool) { return pool.FindMessageTypeByName(wanted); }) != nullptr) {
        std::string numbers;
        PbWriter(numbers).bytes(1, wanted);
        response.bytes(5, numbers);
        break;
      }
      [[fallthrough]];
    case Request::kFileContainingExtension: put_file(response, nullptr, "the extension"); break;
    default: put_error(response, StatusCode::kInvalidArgument, "the request asks for nothing");
  }
  return Buffer::take(std::move(out));
}

void next_request(std::shared_ptr<ServerCall> call, std::shared_ptr<const std::vector<std::string>> names) {
  ServerCall& stream = *call;
  stream.read([call = std::move(call), names = std::move(names)](std::optional<Buffer> message) mutable {
    if (!message) return call->finish({}, {});
    const Bytes bytes = message->flatten();
    const std::optional<Request> request = parse(bytes.view());
    if (!request) return call->finish({StatusCode::kInvalidArgument, "not a ServerReflectionRequest"}, {});
    call->write(answer(*request, bytes.view(), *names));
    next_request(std::move(call), std::move(names));
  });
}

}  // namespace

void add_reflection_service(ServiceTable& table, std::vector<std::string> service_names) {
  const auto names = std::make_shared<const std::vector<std::string>>(std::move(service_names));
  for (const char* version : {"v1alpha", "v1"})
    table.add_stream(std::string("/grpc.reflection.") + version + ".ServerReflection/ServerReflectionInfo",
                     [names](std::shared_ptr<ServerCall> call) { next_request(std::move(call), names); });
}

}  // namespace jina::grpc
