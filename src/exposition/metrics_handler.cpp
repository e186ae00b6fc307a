#include "exposition/metrics_handler.hpp"

#include <fmt/format.h>

#include "app/docs_pages.hpp"
#include "app/responses.hpp"
#include "protocol/http/url.hpp"

namespace jina::exposition {
namespace {

constexpr std::string_view kStyle =
    "body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem;color:#222;background:#fff}"
    "table{border-collapse:collapse;width:100%}th,td{border-bottom:1px solid #ddd;padding:.25rem .75rem;text-align:left}"
    "td:first-child{font-family:monospace}td:last-child{text-align:right}";

}  // namespace

Task<http::Response> MetricsHandler::handle(RequestContext&, http::Request request) {
  if (request.method != "GET" && request.method != "HEAD") {
    http::Response response = app::text_response(405, "Method Not Allowed\n");
    response.headers.emplace_back("allow", "GET, HEAD");
    co_return response;
  }
  if (request.path == "/favicon.ico") co_return http::Response{.status = 204};
  http::Response response;
  if (request.path == "/" && app::header_of(request, "accept").find("text/html") != std::string_view::npos) {
    response.headers.emplace_back("content-type", "text/html; charset=utf-8");
    response.body = Buffer::take(index());
    co_return response;
  }
  std::vector<std::string> names;
  for (auto& [key, value] : http::parse_query(request.query))
    if (key == "name[]") names.push_back(std::move(value));
  response.headers.emplace_back("content-type", "text/plain; version=0.0.4; charset=utf-8");
  response.body = Buffer::take(registry_->text(names));
  co_return response;
}

std::string MetricsHandler::index() const {
  const std::string title = app::html_escaped(title_);
  std::string page = fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>Metrics of {0}</title>\n"
      "<link rel=\"icon\" href=\"data:,\">\n<style>{1}</style></head>\n<body>\n<h1>Metrics of {0}</h1>\n"
      "<p><a href=\"/metrics\">All of them as text</a>, which is what Prometheus reads; any other path of this port has it "
      "too.</p>\n"
      "<table>\n<tr><th>name</th><th>type</th><th>what it is</th><th>series</th></tr>\n",
      title, kStyle);
  for (const metrics::Description& each : registry_->describe()) {
    page += fmt::format("<tr><td><a href=\"/metrics?name[]={0}\">{0}</a></td><td>{1}</td><td>{2}</td><td>{3}</td></tr>\n",
                        app::html_escaped(each.name), to_string(each.kind), app::html_escaped(each.help), each.series);
  }
  return page + "</table>\n</body>\n</html>\n";
}

}  // namespace jina::exposition
