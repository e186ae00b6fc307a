#include "jina/response_stream.hpp"

#include <utility>

#include "base/await_callback.hpp"
#include "streamer/answer_source.hpp"
#include "streamer/response.hpp"

namespace jina {
namespace {

std::string text_of(const ExecutorError& error) {
  const std::string what = error.description.empty() ? error.name : error.description;
  return error.executor.empty() ? "an Executor raised " + what : "Executor " + error.executor + " raised " + what;
}

}  // namespace

RequestFailed::RequestFailed(Status status) : std::runtime_error(status.to_string()), status_(std::move(status)) {}
RequestFailed::~RequestFailed() = default;
ExecutorFailed::ExecutorFailed(ExecutorError error) : std::runtime_error(text_of(error)), error_(std::move(error)) {}
ExecutorFailed::~ExecutorFailed() = default;

ResponseStream::ResponseStream(std::shared_ptr<streamer::AnswerSource> source) : source_(std::move(source)) {}
ResponseStream::ResponseStream(ResponseStream&&) noexcept = default;

ResponseStream& ResponseStream::operator=(ResponseStream&& other) noexcept {
  if (this != &other) {
    if (source_) source_->abandon();
    source_ = std::move(other.source_);
  }
  return *this;
}

ResponseStream::~ResponseStream() {
  if (source_) source_->abandon();
}

Task<Result<std::optional<Response>>> ResponseStream::try_next() {
  using Answer = streamer::AnswerSource::Answer;
  auto start = [source = source_](UniqueFunction<void(Answer)> done) { source->next(std::move(done)); };
  Answer answer = co_await await_callback<Answer>(start);
  if (!answer) co_return std::move(answer).error();
  if (!*answer) co_return std::optional<Response>{};
  Result<Response> response = streamer::make_response(std::move(**answer));
  if (!response) co_return std::move(response).error();
  co_return std::optional<Response>(std::move(*response));
}

Task<std::optional<Response>> ResponseStream::next() {
  Result<std::optional<Response>> response = co_await try_next();
  if (!response) throw RequestFailed(std::move(response).error());
  co_return std::move(*response);
}

Task<std::optional<DocumentArray>> DocsStream::next() {
  std::optional<Response> response = co_await responses_.next();
  if (!response) co_return std::nullopt;
  co_return std::move(response->docs);
}

}  // namespace jina
