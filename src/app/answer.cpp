#include "app/answer.hpp"

#include "app/files/file_answer.hpp"
#include "app/streamed_answer.hpp"
#include "app/worker_pool.hpp"

namespace jina::app {
namespace {

// What bind found wrong is answered, else the handler is called.
void bind_and_call(Call& call) {
  const Operation& operation = call.route.operation;
  if (operation.bind(call))
    operation.plain(operation.target.get(), call);
  else
    call.response = refuse_input(call);
}

}  // namespace

void answer_plain(Call& call) {
  try {
    const IoActivityScope scope(call.route.activity);
    bind_and_call(call);
  } catch (...) {
    call.response = error_answer(call, std::current_exception());
  }
  if (call.response.stream) read_on(call.response, call.environment.workers);
}

Task<HttpResponse> answer(Call& call) {
  const Operation& operation = call.route.operation;
  if (call.route.streams()) {
    Task<HttpResponse> streamed = answer_streamed(call);
    co_return co_await std::move(streamed);
  }
  std::exception_ptr thrown;
  try {
    if (call.route.blocking) {
      std::function<void()> job = [&call] { bind_and_call(call); };
      Task<void> run = call.environment.workers->run(call.context, std::move(job));
      co_await std::move(run);
    } else if (operation.plain != nullptr) {
      answer_plain(call);
    } else if (operation.bind(call)) {
      Task<void> run = operation.start(operation.target.get(), call);
      co_await std::move(run);
    } else {
      call.response = refuse_input(call);
    }
  } catch (...) {
    thrown = std::current_exception();
  }
  if (thrown) co_return error_answer(call, thrown);
  if (call.response.stream) read_on(call.response, call.environment.workers);
  co_return std::move(call.response);
}

}  // namespace jina::app
