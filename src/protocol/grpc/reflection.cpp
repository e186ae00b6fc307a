// Server reflection, v1alpha and v1: the two differ in their package name only.
#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>

#include <set>

#include "protocol/grpc/server.hpp"
#include "reflection.pb.h"
#include "reflection_v1.pb.h"

namespace jina::grpc {
namespace {

using google::protobuf::DescriptorPool;
using google::protobuf::FileDescriptor;

// The file and all that it imports, each once, importers first.
template <class Response>
void add_files(const FileDescriptor* file, Response& response, std::set<const FileDescriptor*>& seen) {
  if (!seen.insert(file).second) return;
  google::protobuf::FileDescriptorProto proto;
  file->CopyTo(&proto);
  response.mutable_file_descriptor_response()->add_file_descriptor_proto(proto.SerializeAsString());
  for (int i = 0; i < file->dependency_count(); ++i) add_files(file->dependency(i), response, seen);
}

template <class Response>
void set_file(const FileDescriptor* file, const std::string& wanted, Response& response) {
  if (file == nullptr) {
    response.mutable_error_response()->set_error_code(static_cast<int>(StatusCode::kNotFound));
    response.mutable_error_response()->set_error_message(wanted + " not found");
    return;
  }
  std::set<const FileDescriptor*> seen;
  add_files(file, response, seen);
}

template <class Request, class Response>
Buffer answer(const Request& request, const std::vector<std::string>& names) {
  const DescriptorPool& pool = *DescriptorPool::generated_pool();
  Response response;
  response.set_valid_host(request.host());
  *response.mutable_original_request() = request;
  switch (request.message_request_case()) {
    case Request::kListServices:
      for (const std::string& name : names) response.mutable_list_services_response()->add_service()->set_name(name);
      break;
    case Request::kFileByFilename:
      set_file(pool.FindFileByName(request.file_by_filename()), request.file_by_filename(), response);
      break;
    case Request::kFileContainingSymbol:
      set_file(pool.FindFileContainingSymbol(request.file_containing_symbol()), request.file_containing_symbol(), response);
      break;
    case Request::kAllExtensionNumbersOfType:  // proto3 messages have no extensions
      if (pool.FindMessageTypeByName(request.all_extension_numbers_of_type()) != nullptr) {
        response.mutable_all_extension_numbers_response()->set_base_type_name(request.all_extension_numbers_of_type());
        break;
      }
      [[fallthrough]];
    case Request::kFileContainingExtension: set_file(nullptr, "the extension", response); break;
    default:
      response.mutable_error_response()->set_error_code(static_cast<int>(StatusCode::kInvalidArgument));
      response.mutable_error_response()->set_error_message("the request asks for nothing");
  }
  return Buffer::take(response.SerializeAsString());
}

template <class Request, class Response>
void next_request(std::shared_ptr<ServerCall> call, std::shared_ptr<const std::vector<std::string>> names) {
  ServerCall& stream = *call;
  stream.read([call = std::move(call), names = std::move(names)](std::optional<Buffer> message) mutable {
    if (!message) return call->finish({}, {});
    Request request;
    const Bytes bytes = message->flatten();
    if (!request.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
      return call->finish({StatusCode::kInvalidArgument, "not a ServerReflectionRequest"}, {});
    call->write(answer<Request, Response>(request, *names));
    next_request<Request, Response>(std::move(call), std::move(names));
  });
}

}  // namespace

void add_reflection_service(ServiceTable& table, std::vector<std::string> service_names) {
  const auto names = std::make_shared<const std::vector<std::string>>(std::move(service_names));
  table.add_stream("/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", [names](std::shared_ptr<ServerCall> call) {
    namespace r = ::grpc::reflection::v1alpha;
    next_request<r::ServerReflectionRequest, r::ServerReflectionResponse>(std::move(call), names);
  });
  table.add_stream("/grpc.reflection.v1.ServerReflection/ServerReflectionInfo", [names](std::shared_ptr<ServerCall> call) {
    namespace r = ::grpc::reflection::v1;
    next_request<r::ServerReflectionRequest, r::ServerReflectionResponse>(std::move(call), names);
  });
}

}  // namespace jina::grpc
