#include "document/json/json_request.hpp"

#include "document/json/request_model.hpp"
#include "document/request_documents.hpp"
#include "document/struct_codec.hpp"
#include "document/wire_form.hpp"

namespace jina {

using pyjson::Context;
using pyjson::RequestModel;

bool pyjson::build_request(Context& context, RequestModel&& model, JsonRequest& request) {
  if (model.unusable_data) return context.fail("data: an object needs the key `docs` with a list of documents");
  if (model.documents) {
    request.has_data = true;
    request.docs.resize(model.documents->size(), Document::blank());
    for (std::size_t i = 0; i < request.docs.size(); ++i) {
      if (!to_document(context, std::move((*model.documents)[i]), request.docs[i])) return false;
    }
  }
  if (!model.parameters.is_null() && !to_json_object(context, model.parameters, request.parameters.emplace())) return false;
  if (!model.exec_endpoint.is_null()) {
    if (model.exec_endpoint.flag) return context.fail("execEndpoint: a lone surrogate can not be encoded in UTF-8");
    request.exec_endpoint = model.exec_endpoint.string();
  }
  if (!model.target_executor.is_null()) {
    if (model.target_executor.flag) return context.fail("targetExecutor: a lone surrogate can not be encoded in UTF-8");
    request.target_executor = std::string(model.target_executor.string());
  }
  return true;
}

JsonRequestResult parse_json_request(std::string_view body, const JsonRequestOptions& options) {
  pyjson::Arena arena;
  Context context{arena};
  pyjson::ModelResult read = read_request(body, options, context);
  if (auto* error = std::get_if<JsonRequestError>(&read)) {
    if (error->http_status == 422 && !write_validation_details(error->details))
      return JsonRequestError{500, {}, "the complaint quotes a lone surrogate, which can not be encoded in UTF-8"};
    return std::move(*error);
  }
  JsonRequest request;
  if (const auto* kind = std::get_if<JsonRequest::Kind>(&read)) {
    request.kind = *kind;
    return request;
  }
  if (!build_request(context, std::move(std::get<RequestModel>(read)), request)) return JsonRequestError{500, {}, context.fatal};
  return request;
}

wire::DataRequest to_data_request(JsonRequest&& request, std::string_view request_id) {
  wire::DataRequest message;
  wire::HeaderFields header;
  header.request_id = request_id;
  header.exec_endpoint = request.exec_endpoint;
  // Jina leaves an empty pattern out.
  if (request.target_executor && !request.target_executor->empty()) header.target_executor = *request.target_executor;
  message.header = Bytes::take(wire::encode_header(header));
  message.has_header = true;
  if (request.parameters && !request.parameters->empty()) message.parameters = Bytes::take(encode_struct(*request.parameters));
  if (request.has_data) {
    numbers_as_on_wire(request.docs);  // the rest of them is in wire form by its checks
    set_documents(message, std::move(request.docs));
  }
  return message;
}

std::string JsonRequestError::body() const {
  if (http_status == 422) return write_validation_details(details).value_or(std::string());
  if (http_status == 400) return write_detail("There was an error parsing the body");
  return "Internal Server Error";
}

std::string_view JsonRequestError::content_type() const noexcept {
  return http_status == 500 ? "text/plain; charset=utf-8" : "application/json";
}

}  // namespace jina
