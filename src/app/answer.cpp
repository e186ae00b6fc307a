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

Task<void> begin_coroutine(Call& call) {
  const Operation& operation = call.route.operation;
  if (operation.bind(call)) return operation.start(operation.target.get(), call);
  call.response = refuse_input(call);
  return {};
}

void end_coroutine(Call& call, const std::exception_ptr& thrown) {
  if (thrown)
    call.response = error_answer(call, thrown);
  else if (call.response.stream)
    read_on(call.response, call.environment.workers);
}

Task<HttpResponse> answer(Call& call) {
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
    } else if (call.route.operation.plain != nullptr) {
      answer_plain(call);
    } else {
      Task<void> run = begin_coroutine(call);
      if (run.valid()) co_await std::move(run);
    }
  } catch (...) {
    thrown = std::current_exception();
  }
  end_coroutine(call, thrown);
  co_return std::move(call.response);
}

}  // namespace jina::app
