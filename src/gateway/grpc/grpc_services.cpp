// The part of jina/grpc_service.hpp that needs no template.

#include <algorithm>

#include "base/demangle.hpp"
#include "jina/grpc_service.hpp"

namespace jina {
namespace {

// "/package.Service/Method": one slash at the start, one between, nothing empty.
bool is_path(std::string_view path) {
  const std::size_t second = path.find('/', 1);
  return path.size() > 1 && path.front() == '/' && second != path.npos && second > 1 && second + 1 < path.size() &&
         path.find('/', second + 1) == path.npos && path.find_first_of(" \t?#") == path.npos;
}

std::string_view service_of(std::string_view path) { return path.substr(1, path.find('/', 1) - 1); }

}  // namespace

GrpcError::GrpcError(Status status, Metadata trailing)
    : std::runtime_error(status.to_string()), status_(std::move(status)), trailing_(std::move(trailing)) {
  // A call that ends with OK has an answer, and this one has none.
  if (status_.ok()) status_ = {StatusCode::kInternal, "the handler threw a GrpcError with the status OK"};
}

GrpcError::~GrpcError() = default;

namespace detail {

void throw_malformed(const std::string& type, std::size_t size) {
  throw GrpcError(StatusCode::kInvalidArgument, "the request is no " + type + " (" + std::to_string(size) + " bytes)");
}

std::string readable_type(const char* mangled) { return demangled(mangled); }

}  // namespace detail

std::vector<std::string> GrpcServices::service_names() const {
  std::vector<std::string> names;
  for (const detail::GrpcMethod& method : methods_) {
    std::string name(service_of(method.path));
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(std::move(name));
  }
  return names;
}

void GrpcServices::throw_no_object(const std::string& path) {
  throw std::invalid_argument("setup_services: " + path +
                              ": the member function is not one of this gateway; name its object behind it: on.unary(path, "
                              "&Greeter::hello, greeter)");
}

void GrpcServices::insert(detail::GrpcMethod method) {
  if (!is_path(method.path))
    throw std::invalid_argument("setup_services: '" + method.path +
                                "' is no gRPC path; write \"/package.Service/Method\", as in the .proto file");
  for (const detail::GrpcMethod& other : methods_)
    if (other.path == method.path) throw std::invalid_argument("setup_services: " + method.path + " is there already");
  methods_.push_back(std::move(method));
}

}  // namespace jina
