// The OpenAPI document of an Executor's HTTP server. Jina's clients read its paths to find out what to call.
//
// Thread: free function. Lifetime: the result owns its text. Cancellation: none.
#pragma once
#include <string>
#include <vector>

namespace jina {

struct HttpEndpoint {
  std::string path;
  bool streams = false;
};

std::string write_openapi(const std::string& title, const std::vector<HttpEndpoint>& endpoints);

}  // namespace jina
