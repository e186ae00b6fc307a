// The answer to a request that the Flow could not be reached for: the request itself, with the error in its header.
#include "document/json/document_writer.hpp"
#include "document/json/json_request.hpp"
#include "document/json/request_model.hpp"

namespace jina {

std::optional<std::string> write_error_response(std::string_view body, const JsonRequestOptions& options,
                                                const JsonNetworkError& error) {
  pyjson::Arena arena;
  pyjson::Context context{arena};
  const pyjson::ModelResult read = read_request(body, options, context);
  const auto* model = std::get_if<pyjson::RequestModel>(&read);
  if (model == nullptr || model->unusable_data) return std::nullopt;

  std::string text;
  pyjson::Output output(text, JsonDialect::kHttp);
  output.raw(R"({"header":{"requestId":)");
  output.string(error.request_id);
  output.raw(R"(,"status":{"code":1,"description":)");
  output.string(error.description);
  output.raw(R"(,"exception":{"name":)");
  output.string(error.exception_name);
  output.raw(R"(,"args":[],"stacks":[)");
  for (const std::string& stack : error.stacks) {
    if (&stack != error.stacks.data()) output.raw(",");
    output.string(stack);
  }
  output.raw(R"(],"executor":""}},"execEndpoint":"","targetExecutor":""},"parameters":)");
  write_value(output, model->parameters);
  output.raw(R"(,"routes":null,"data":)");
  if (model->documents) {
    write_documents(output, *model->documents);
  } else {
    output.raw("null");
  }
  output.raw("}");
  if (output.failed()) return std::nullopt;
  return text;
}

}  // namespace jina
