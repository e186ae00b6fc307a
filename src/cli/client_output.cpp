#include "cli/client_output.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <ostream>

#include "cli/pretty_json.hpp"
#include "client/json_message.hpp"
#include "document/json/json_response.hpp"
#include "document/json/json_text.hpp"
#include "document/request_documents.hpp"

namespace jina::cli {
namespace {

/// At most `width` bytes of it in one line, cut between characters.
std::string one_line(std::string_view text, std::size_t width) {
  std::string out(text);
  for (char& c : out)
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  if (out.size() <= width) return out;
  std::size_t end = width - 3;
  while (end > 0 && (static_cast<unsigned char>(out[end]) & 0xC0) == 0x80) --end;
  return out.substr(0, end) + "...";
}

std::string summary_of(const Document& doc) {
  if (doc.has_text()) return doc.text();
  if (doc.has_blob()) return fmt::format("<{} bytes{}>", doc.blob().size(), doc.mime_type.empty() ? "" : " of " + doc.mime_type);
  if (doc.has_tensor()) return "<tensor>";
  return doc.uri;
}

std::string remarks_of(const Document& doc) {
  std::string out;
  for (const auto& [name, score] : doc.scores) out += fmt::format("{}={:g} ", name, score.value);
  if (!doc.matches.empty()) out += fmt::format("{} matches ", doc.matches.size());
  if (!doc.chunks.empty()) out += fmt::format("{} chunks ", doc.chunks.size());
  if (doc.embedding) out += "embedding ";
  if (!doc.tags.empty()) out += boost::json::serialize(doc.tags);
  return out;
}

std::string without_nulls(const std::string& document) {
  boost::system::error_code error;
  auto value = boost::json::parse(document, error);
  if (error || !value.is_object()) return document;
  boost::json::object kept;
  for (auto& member : value.get_object())
    if (!member.value().is_null()) kept[member.key()] = std::move(member.value());
  std::string out;
  json::append_object(out, kept);
  return out;
}

}  // namespace

ClientOutput::ClientOutput(Console& console, const config::OptionBag& options)
    : console_(console), compact_(options.flag("compact")), full_(options.flag("full")) {
  const std::string form = options.text("output");
  if (form == "documents") form_ = Form::kDocuments;
  if (form == "table") form_ = Form::kTable;
  if (options.flag("return-responses")) form_ = Form::kResponse;
  progress_ = options.flag("show-progress") && ::isatty(STDERR_FILENO) != 0;
}

Status ClientOutput::answer(client::Reply reply) {
  ++answers_;
  progress();
  if (form_ != Form::kResponse) {
    auto message = client::message_of(std::move(reply));
    if (!message) return message.error();
    if (auto status = client::outcome_of_message(*message); !status.ok()) return status;
    return documents(*message);
  }
  std::string text;
  Status outcome;
  if (reply.json) {
    text = std::move(*reply.json);
    outcome = client::outcome_of_json(text);
  } else {
    auto written = write_json_response(reply.message, JsonDialect::kHttp);
    if (!written) return written.error();
    text = std::move(*written);
    outcome = client::outcome_of_message(reply.message);
  }
  console_.out << (compact_ ? text : pretty_json(text, full_, console_.out_style)) << std::endl;
  return outcome;
}

Status ClientOutput::documents(const wire::DataRequest& message) {
  const auto content = jina::content_of(message);
  if (!content) return content.error();
  if (!content->docs) return {};
  for (const auto& doc : *content->docs)
    if (auto status = document(doc); !status.ok()) return status;
  console_.out << std::flush;
  return {};
}

Status ClientOutput::document(const Document& doc) {
  ++documents_;
  if (form_ == Form::kTable) {
    row(doc);
    return {};
  }
  std::string list;
  if (!json::append_documents(list, DocumentArray{doc}))
    return {StatusCode::kInternal, "Document " + doc.id + " holds what JSON can not say"};
  const std::string text = list.substr(1, list.size() - 2);
  // One per line, so that other programs can read them one by one; without what is null unless it is asked for.
  console_.out << (full_ ? text : without_nulls(text)) << "\n";
  return {};
}

void ClientOutput::row(const Document& doc) {
  constexpr std::size_t kId = 32, kContent = 48;
  if (!std::exchange(heading_, true))
    console_.out << console_.out_style.bold(fmt::format("{:<{}}  {:<{}}  {}", "id", kId, "content", kContent, "more")) << "\n";
  std::string line = fmt::format("{:<{}}  {:<{}}  {}", one_line(doc.id, kId), kId, one_line(summary_of(doc), kContent), kContent,
                                 one_line(remarks_of(doc), 80));
  line.erase(line.find_last_not_of(' ') + 1);
  console_.out << line << "\n";
}

void ClientOutput::progress() {
  using namespace std::chrono_literals;
  const auto now = std::chrono::steady_clock::now();
  if (!progress_ || now - shown_ < 100ms) return;
  shown_ = now;
  const double seconds = std::max(std::chrono::duration<double>(now - started_).count(), 1e-3);
  console_.err << fmt::format("\r\x1b[K{} answers, {:.0f} s, {:.0f} answers/s", answers_, seconds,
                              static_cast<double>(answers_) / seconds)
               << std::flush;
}

void ClientOutput::end() {
  if (progress_) console_.err << "\r\x1b[K" << std::flush;
}

}  // namespace jina::cli
