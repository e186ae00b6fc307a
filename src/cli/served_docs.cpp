#include "cli/served_docs.hpp"

#include <boost/asio/io_context.hpp>
#include <chrono>

#include "cli/wait.hpp"
#include "client/http_client.hpp"

namespace jina::cli {
namespace {

Task<bool> serves_docs(client::Target target) {
  client::HttpClient http(std::move(target));
  client::HttpRequest request;
  request.path = "/docs";
  const auto answer = co_await http.send(std::move(request), std::chrono::milliseconds(500));
  co_return answer.ok() && answer->status == 200;
}

}  // namespace

void drop_missing_docs(std::vector<flow::EndpointRow>& rows) {
  for (auto& row : rows) {
    if (!row.docs_perhaps || row.docs.empty()) continue;
    auto target = client::parse_target(row.url);
    if (target) target->verify = false;  // its certificate may be for another name
    boost::asio::io_context io(1);
    if (!target || !wait_for<bool>(io, serves_docs(*target))) row.docs.clear();
  }
}

}  // namespace jina::cli
