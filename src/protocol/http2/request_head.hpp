// RequestHead: the header fields of a request as they arrive, pseudo fields apart from the rest.
//
// Thread: plain value. Lifetime: owns its text. Cancellation: none.
#pragma once
#include <string>
#include <string_view>

#include "jina/request_context.hpp"

namespace jina::http2 {

struct RequestHead {
  std::string method;
  std::string scheme;
  std::string authority;
  std::string path;
  std::string content_type;
  Metadata headers;  ///< the others, in order, content-type not among them

  void add(std::string_view name, std::string_view value) {
    if (name == ":path")
      path = value;
    else if (name == ":method")
      method = value;
    else if (name == ":scheme")
      scheme = value;
    else if (name == ":authority")
      authority = value;
    else if (name == "content-type")
      content_type = value;
    else {
      if (headers.empty()) headers.reserve(8);  // what a call of gRPC has: it grows once
      headers.emplace_back(name, value);
    }
  }
  bool is_grpc() const noexcept {
    return content_type == "application/grpc" || content_type.starts_with("application/grpc+") ||
           content_type.starts_with("application/grpc;");
  }
};

}  // namespace jina::http2
