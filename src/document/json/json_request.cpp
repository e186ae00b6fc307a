#include "document/json/json_request.hpp"

#include <simdjson.h>

#include "document/document_codec.hpp"
#include "document/json/document_reader.hpp"
#include "document/json/fields.hpp"
#include "document/json/json_text.hpp"
#include "document/json/python_json_error.hpp"
#include "document/json/validation.hpp"
#include "document/struct_codec.hpp"

namespace jina::json {
namespace {

using simdjson::dom::element;

constexpr const char* kInternalServerError = "Internal Server Error";  // what Jina's HTTP server answers

JsonRequestError missing_body() {
  return {422, R"({"detail":[{"loc":["body"],"msg":"field required","type":"value_error.missing"}]})", "body: field required"};
}

JsonRequestError malformed(std::string_view body, simdjson::error_code code) {
  if (code == simdjson::UTF8_ERROR) return {400, R"({"detail":"There was an error parsing the body"})", "the body is not UTF-8"};
  const std::optional<PythonJsonError> error = find_python_json_error(body);
  // Valid for Python (NaN, huge integers, lone surrogates), but nothing that could be answered.
  if (!error) return {500, kInternalServerError, std::string("the body holds a value that has no place on the wire: ") + simdjson::error_message(code)};
  const std::string where = ": line " + std::to_string(error->line) + " column " + std::to_string(error->column) + " (char " + std::to_string(error->position) + ")";
  JsonRequestError result;
  result.summary = error->message + where;
  result.body = "{\"detail\":[{\"loc\":[\"body\"," + std::to_string(error->position) + "],\"msg\":";
  append_string(result.body, result.summary);
  result.body += ",\"type\":\"value_error.jsondecode\",\"ctx\":{\"msg\":";
  append_string(result.body, error->message);
  result.body += ",\"doc\":";
  append_string(result.body, body);
  result.body += ",\"pos\":" + std::to_string(error->position) + ",\"lineno\":" + std::to_string(error->line) + ",\"colno\":" + std::to_string(error->column) + "}}]}";
  return result;
}

// `data` may also be a dict of lists, and a complaint lists what is wrong with it as such too: Python reads a list of two-key objects as
// key and value, and anything else in a list as no dict at all.
void add_dict_alternative(element data, Validation& validation) {
  bool pairs = true;
  for (const element item : data.get_array()) pairs = pairs && item.is_object() && item.get_object().size() == 2;
  if (!pairs || data.get_array().size() == 0) return validation.add("value is not a valid dict", "type_error.dict");
  std::vector<std::string> seen;
  for (const element item : data.get_array()) {
    std::string key((*item.get_object().begin()).key);
    if (std::find(seen.begin(), seen.end(), key) != seen.end()) continue;
    seen.push_back(key);
    const Enter enter(validation, std::move(key));
    validation.add("value is not a valid list", "type_error.list");
  }
}

class BodyReader {
 public:
  std::variant<JsonRequest, JsonRequestError> read(element body) {
    if (body.is_null()) return missing_body();
    if (body.is_array()) {
      request_.is_object = false;
      if (body.get_array().size() == 0) return std::move(request_);  // counts as {}
    }
    if (!body.is_object()) return not_a_dict();
    const simdjson::dom::object object = body.get_object();
    request_.is_empty_object = object.size() == 0;
    for (const auto field : object) this->field(field.key, field.value);
    if (validation_.fatal()) return JsonRequestError{500, kInternalServerError, validation_.fatal_reason()};
    if (!validation_.ok()) return JsonRequestError{422, validation_.body(), validation_.summary()};
    return std::move(request_);
  }

 private:
  void field(std::string_view name, element value) {
    if (name == "data") {
      const Enter enter(validation_, "data");
      data(value);
    } else if (name == "execEndpoint" || name == "exec_endpoint") {
      const Enter enter(validation_, "execEndpoint");
      if (value.is_null()) return validation_.add("none is not an allowed value", "type_error.none.not_allowed");
      request_.exec_endpoint = read_text(value, validation_).value_or("");
    } else if (name == "targetExecutor" || name == "target_executor") {
      const Enter enter(validation_, "targetExecutor");
      request_.target_executor = read_text(value, validation_);
    } else if (name == "parameters") {
      const Enter enter(validation_, "parameters");
      request_.parameters = read_object(value, validation_);
    }
  }

  void data(element value) {
    request_.has_data_key = true;
    if (value.is_null()) return;
    request_.has_data = true;
    if (value.is_array()) {
      request_.docs = read_documents(value, validation_);
      if (!validation_.ok()) add_dict_alternative(value, validation_);
      return;
    }
    if (value.is_object()) return wrapped(value.get_object());
    validation_.add("value is not a valid list", "type_error.list");
    validation_.add("value is not a valid dict", "type_error.dict");
  }

  // {"docs": [...]}
  void wrapped(const simdjson::dom::object& object) {
    bool listed = true;
    for (const auto field : object) listed = listed && field.value.is_array();
    if (!listed) validation_.add("value is not a valid list", "type_error.list");
    bool found = object.size() == 0;
    for (const auto field : object) {
      const Enter enter(validation_, std::string(field.key));
      if (!field.value.is_array()) {
        validation_.add("value is not a valid list", "type_error.list");
      } else if (field.key == "docs") {
        found = true;
        request_.docs = read_documents(field.value, validation_);
      }
    }
    if (!found && listed) validation_.give_up("body.data: an object must have the key 'docs'");
  }

  JsonRequest request_;
  Validation validation_;
};

}  // namespace

JsonRequestError not_a_dict() {
  return {422, R"({"detail":[{"loc":["body"],"msg":"value is not a valid dict","type":"type_error.dict"}]})", "body: value is not a valid dict"};
}

std::variant<JsonRequest, JsonRequestError> parse_json_request(std::string_view body) {
  if (body.empty()) return missing_body();
  static thread_local simdjson::dom::parser parser;
  const simdjson::padded_string padded(body);
  element root;
  const simdjson::error_code error = parser.parse(padded).get(root);
  if (error != simdjson::SUCCESS) return malformed(body, error);
  std::variant<JsonRequest, JsonRequestError> result = BodyReader().read(root);
  // A huge body must not leave its memory with the thread.
  constexpr std::size_t kKeep = 1 << 20;
  if (parser.capacity() > kKeep) parser = simdjson::dom::parser();
  return result;
}

wire::DataRequest to_data_request(const JsonRequest& request, std::string_view request_id) {
  wire::DataRequest out;
  wire::HeaderFields header;
  header.request_id = request_id;
  header.exec_endpoint = request.exec_endpoint;
  if (request.target_executor) header.target_executor = *request.target_executor;
  out.header = Bytes::take(wire::encode_header(header));
  out.has_header = true;
  if (request.parameters) out.parameters = Bytes::take(encode_struct(*request.parameters));
  if (request.has_data) out.data = encode_documents(request.docs);
  return out;
}

}  // namespace jina::json
