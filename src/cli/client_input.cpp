#include "cli/client_input.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <boost/json/serialize.hpp>
#include <fstream>
#include <iostream>
#include <iterator>

#include "config/json_text.hpp"
#include "config/load.hpp"
#include "document/json/json_request.hpp"
#include "document/mime_types.hpp"

namespace jina::cli {
namespace {

namespace json = boost::json;

Status wrong(std::string message) { return {StatusCode::kInvalidArgument, std::move(message)}; }

/// Something was redirected to standard input.
bool input_is_redirected() {
  struct stat info {};
  return ::fstat(STDIN_FILENO, &info) == 0 && (S_ISFIFO(info.st_mode) || S_ISREG(info.st_mode));
}

/// Lines of a file or of standard input, one at a time.
class Lines {
 public:
  static Result<std::shared_ptr<Lines>> open(Console& console, const std::string& file) {
    auto lines = std::make_shared<Lines>();
    lines->name_ = file == "-" ? "standard input" : file;
    lines->in_ = &console.in;
    if (file != "-") {
      lines->file_.open(file);
      if (!lines->file_)
        return config::read_whole_file(file).status().ok() ? wrong(file + ": can not be read")
                                                           : config::read_whole_file(file).error();
      lines->in_ = &lines->file_;
    }
    return lines;
  }
  /// The next line that is not empty.
  std::optional<std::string> next() {
    std::string line;
    while (std::getline(*in_, line)) {
      ++number_;
      if (!line.empty() && line.back() == '\r') line.pop_back();
      if (!line.empty()) return line;
    }
    return std::nullopt;
  }
  /// "data.jsonl:7:3: not valid JSON: ..." of the line that was given last.
  std::string why_not_json(const std::string& line) const {
    return config::parse_json(std::string(number_ - 1, '\n') + line, name_).status().message;
  }
  /// "data.jsonl:7"
  std::string place() const { return name_ + ":" + std::to_string(number_); }

 private:
  std::ifstream file_{};
  std::istream* in_ = nullptr;
  std::string name_{};
  std::size_t number_ = 0;
};

std::optional<Document> document_of_line(Lines& lines) {
  const auto line = lines.next();
  if (!line) return std::nullopt;
  const auto value = config::parse_json(*line, "");
  if (!value) throw std::runtime_error(lines.why_not_json(*line));
  auto parsed = parse_json_request("{\"data\":[" + json::serialize(*value) + "]}", {});
  if (const auto* error = std::get_if<JsonRequestError>(&parsed))
    throw std::runtime_error(lines.place() + ": no Document: " + error->reason);
  return std::move(std::get<JsonRequest>(parsed).docs.front());
}

Inputs documents_of_files(std::vector<std::string> files) {
  return Inputs(Inputs::Next([files = std::move(files), at = std::size_t{0}]() mutable -> std::optional<Document> {
    if (at == files.size()) return std::nullopt;
    const auto& file = files[at++];
    auto bytes = config::read_whole_file(file);
    if (!bytes) throw std::runtime_error(bytes.error().message);
    Document doc{DocumentFields{.blob = Bytes::take(std::move(*bytes)), .uri = file, .mime_type = guess_mime_type(file)}};
    return doc;
  }));
}

Result<std::string> json_text(Console& console, const Invocation& call, std::string& source) {
  std::string file = call.options.text("json");
  if (call.positionals.size() > 1) file = call.positionals[1];
  bool other = false;
  for (const char* name : {"text", "lines", "jsonl", "files"}) other = other || call.options.is_set(name);
  if (file.empty() && !other && &console.in == &std::cin && input_is_redirected()) file = "-";
  if (file.empty()) return std::string{};
  source = file == "-" ? "standard input" : file;
  if (file != "-") return config::read_whole_file(file);
  return std::string(std::istreambuf_iterator<char>(console.in), {});
}

/// What the gateways' POST /post takes, whichever of its short forms was given.
Result<json::object> body_of(Console& console, const Invocation& call) {
  std::string source;
  auto text = json_text(console, call, source);
  if (!text) return text.error();
  json::object body;
  if (text->find_first_not_of(" \t\r\n") == std::string::npos) return body;
  auto value = config::parse_json(*text, source);
  if (!value) return value.error();
  if (value->is_array())
    body["data"] = std::move(*value);
  else if (!value->is_object())
    return wrong(source + ": expected an object or a list of Documents");
  else if (value->get_object().contains("data") || value->get_object().contains("execEndpoint") ||
           value->get_object().contains("exec_endpoint") || value->get_object().contains("parameters"))
    body = std::move(value->get_object());
  else
    body["data"] = json::array{std::move(*value)};
  return body;
}

/// Only one source at a time, so that their order is no question.
Status check_sources(const Invocation& call) {
  std::string seen = call.positionals.size() > 1 ? "FILE" : "";
  for (const char* name : {"text", "json", "lines", "jsonl", "files"}) {
    if (!call.options.is_set(name)) continue;
    if (!seen.empty() && (std::string_view(name) != "text" || seen != "FILE"))
      return wrong("Documents come from one place: " + seen + " and --" + name + " are both given");
    seen = "--" + std::string(name);
  }
  return {};
}

}  // namespace

Result<ClientInput> read_client_input(Console& console, const Invocation& call) {
  if (auto status = check_sources(call); !status.ok()) return status;
  auto body = body_of(console, call);
  if (!body) return body.error();
  auto parsed = parse_json_request(json::serialize(*body), {});
  if (const auto* error = std::get_if<JsonRequestError>(&parsed)) return wrong("the request is not valid: " + error->reason);
  auto& request = std::get<JsonRequest>(parsed);
  ClientInput out{.endpoint = request.exec_endpoint};
  if (request.parameters) out.parameters = std::move(*request.parameters);
  if (request.target_executor) out.target_executor = *request.target_executor;
  if (!request.docs.empty()) out.inputs = Inputs(std::move(request.docs));
  const auto& options = call.options;
  if (options.is_set("text")) {
    DocumentArray docs;
    for (const auto& text : options.texts("text")) docs.push_back(Document{{.text = text}});
    out.inputs = Inputs(std::move(docs));
  }
  if (options.is_set("files")) out.inputs = documents_of_files(options.texts("files"));
  for (const char* name : {"lines", "jsonl"}) {
    if (!options.is_set(name)) continue;
    auto lines = Lines::open(console, options.text(name));
    if (!lines) return lines.error();
    if (std::string_view(name) == "jsonl") {
      out.inputs = Inputs(Inputs::Next([lines = *lines] { return document_of_line(*lines); }));
    } else {
      out.inputs = Inputs(Inputs::Next([lines = *lines]() -> std::optional<Document> {
        auto line = lines->next();
        if (!line) return std::nullopt;
        return Document{{.text = std::move(*line)}};
      }));
    }
  }
  if (options.is_set("endpoint")) out.endpoint = options.text("endpoint");
  if (options.is_set("target-executor")) out.target_executor = options.text("target-executor");
  if (options.is_set("parameters")) out.parameters = options.object("parameters");
  return out;
}

}  // namespace jina::cli
