#include <boost/json/parse.hpp>

#include "gateway/http/openapi.hpp"

namespace jina::gateway {
namespace {

// Sorted by name. Documents in requests may carry any field (unknown ones are ignored); in answers every field is there, null when
// it is not set.
constexpr std::string_view kSchemas = R"json({
"ExceptionProto": {
  "type": "object", "title": "ExceptionProto", "description": "What went wrong inside an Executor or on the way to it.",
  "properties": {
    "name": {"type": "string", "description": "class of the exception"},
    "args": {"type": "array", "items": {"type": "string"}},
    "stacks": {"type": "array", "items": {"type": "string"}, "description": "lines of the traceback"},
    "executor": {"type": "string", "description": "class of the Executor that raised it"}}},
"HTTPValidationError": {
  "type": "object", "title": "HTTPValidationError", "required": ["detail"],
  "properties": {"detail": {"type": "array", "items": {"$ref": "#/components/schemas/ValidationError"}}}},
"HeaderProto": {
  "type": "object", "title": "HeaderProto",
  "properties": {
    "requestId": {"type": ["string", "null"], "description": "32 hexadecimal digits, new for each request"},
    "status": {"anyOf": [{"$ref": "#/components/schemas/StatusProto"}, {"type": "null"}], "description": "null when all went well"},
    "execEndpoint": {"type": ["string", "null"]},
    "targetExecutor": {"type": ["string", "null"]},
    "timeout": {"type": ["integer", "null"]}}},
"JinaEndpointRequestModel": {
  "type": "object", "title": "JinaEndpointRequestModel",
  "properties": {
    "data": {"anyOf": [
      {"type": "array", "items": {"$ref": "#/components/schemas/PydanticDocument"}},
      {"type": "object", "properties": {"docs": {"type": "array", "items": {"$ref": "#/components/schemas/PydanticDocument"}}}},
      {"type": "null"}],
      "description": "the Documents, as a list or as {\"docs\": list}",
      "examples": [[{"text": "hello"}]]},
    "targetExecutor": {"type": ["string", "null"], "description": "regular expression on the start of the names of the Executors to be called; all by default"},
    "parameters": {"type": ["object", "null"], "description": "for the Executors; \"name__key\" is seen by the Executor \"name\" only"},
    "execEndpoint": {"type": "string", "default": "/", "description": "which endpoint of the Executors serves the request", "examples": ["/"]}}},
"JinaHealthModel": {"type": "object", "title": "JinaHealthModel", "properties": {}},
"JinaInfoModel": {
  "type": "object", "title": "JinaInfoModel", "required": ["jina", "envs"],
  "properties": {
    "jina": {"type": "object", "additionalProperties": {"type": "string"}, "description": "versions"},
    "envs": {"type": "object", "additionalProperties": {"type": "string"}, "description": "environment variables, \"(unset)\" when missing"}}},
"JinaRequestModel": {
  "type": "object", "title": "JinaRequestModel",
  "properties": {
    "data": {"anyOf": [
      {"type": "array", "items": {"$ref": "#/components/schemas/PydanticDocument"}},
      {"type": "object", "properties": {"docs": {"type": "array", "items": {"$ref": "#/components/schemas/PydanticDocument"}}}},
      {"type": "null"}],
      "description": "the Documents, as a list or as {\"docs\": list}",
      "examples": [[{"text": "hello"}]]},
    "targetExecutor": {"type": ["string", "null"], "description": "regular expression on the start of the names of the Executors to be called; all by default"},
    "parameters": {"type": ["object", "null"], "description": "for the Executors; \"name__key\" is seen by the Executor \"name\" only"}}},
"JinaResponseModel": {
  "type": "object", "title": "JinaResponseModel",
  "properties": {
    "header": {"anyOf": [{"$ref": "#/components/schemas/HeaderProto"}, {"type": "null"}]},
    "parameters": {"type": ["object", "null"], "description": "as sent; what Executors returned besides Documents is in __results__"},
    "routes": {"anyOf": [{"type": "array", "items": {"$ref": "#/components/schemas/RouteProto"}}, {"type": "null"}]},
    "data": {"anyOf": [{"type": "array", "items": {"$ref": "#/components/schemas/PydanticDocument"}}, {"type": "null"}]}}},
"PydanticDocument": {
  "type": "object", "title": "PydanticDocument", "description": "A Document. One of text, blob and tensor is its content.",
  "properties": {
    "id": {"type": ["string", "null"], "description": "made by the gateway when missing"},
    "parent_id": {"type": ["string", "null"]},
    "granularity": {"type": ["integer", "null"], "minimum": 0, "maximum": 4294967295},
    "adjacency": {"type": ["integer", "null"], "minimum": 0, "maximum": 4294967295},
    "blob": {"type": ["string", "null"], "contentEncoding": "base64"},
    "tensor": {"type": ["array", "null"], "items": {}, "description": "nested lists, all of one length on each level"},
    "mime_type": {"type": ["string", "null"]},
    "text": {"type": ["string", "null"]},
    "weight": {"type": ["number", "null"], "description": "single precision"},
    "uri": {"type": ["string", "null"]},
    "tags": {"type": ["object", "null"]},
    "offset": {"type": ["number", "null"], "description": "single precision"},
    "location": {"type": ["array", "null"], "items": {"type": "number"}},
    "embedding": {"type": ["array", "null"], "items": {}, "description": "nested lists, all of one length on each level"},
    "modality": {"type": ["string", "null"]},
    "evaluations": {"type": ["object", "null"], "additionalProperties": {"$ref": "#/components/schemas/_NamedScore"}},
    "scores": {"type": ["object", "null"], "additionalProperties": {"$ref": "#/components/schemas/_NamedScore"}},
    "chunks": {"anyOf": [{"type": "array", "items": {"$ref": "#/components/schemas/PydanticDocument"}}, {"type": "null"}]},
    "matches": {"anyOf": [{"type": "array", "items": {"$ref": "#/components/schemas/PydanticDocument"}}, {"type": "null"}]},
    "_metadata": {"type": ["object", "null"]}}},
"RouteProto": {
  "type": "object", "title": "RouteProto", "description": "One station of the request.",
  "properties": {
    "executor": {"type": ["string", "null"]},
    "startTime": {"type": ["string", "null"], "format": "date-time"},
    "endTime": {"type": ["string", "null"], "format": "date-time", "description": "null when the Executor was skipped"},
    "status": {"anyOf": [{"$ref": "#/components/schemas/StatusProto"}, {"type": "null"}]}}},
"StatusCode": {"type": "integer", "title": "StatusCode", "enum": [0, 1], "description": "0 success, 1 error"},
"StatusProto": {
  "type": "object", "title": "StatusProto",
  "properties": {
    "code": {"$ref": "#/components/schemas/StatusCode"},
    "description": {"type": ["string", "null"]},
    "exception": {"anyOf": [{"$ref": "#/components/schemas/ExceptionProto"}, {"type": "null"}]}}},
"ValidationError": {
  "type": "object", "title": "ValidationError", "required": ["loc", "msg", "type"],
  "properties": {
    "loc": {"type": "array", "items": {"type": ["string", "integer"]}, "description": "the way to the value, from \"body\" on"},
    "msg": {"type": "string"},
    "type": {"type": "string"},
    "ctx": {"type": "object"}}},
"_NamedScore": {
  "type": "object", "title": "_NamedScore",
  "properties": {
    "value": {"type": ["number", "null"]},
    "op_name": {"type": ["string", "null"]},
    "description": {"type": ["string", "null"]},
    "ref_id": {"type": ["string", "null"]}}}
})json";

}  // namespace

boost::json::object openapi_schemas() { return boost::json::parse(kSchemas).as_object(); }

}  // namespace jina::gateway
