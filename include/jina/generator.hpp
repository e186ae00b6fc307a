// Generator: an asynchronous generator, a coroutine that gives values one by one and may wait between them. An endpoint that
// returns Generator<Document> streams its answer (gRPC stream_doc, HTTP server-sent events).
//
//   jina::Generator<jina::Document> Llm::generate(const jina::Document& prompt, const jina::Parameters& parameters) {
//     for (const std::string& token : tokens_of(prompt.text())) {
//       co_await pause();                            // any Task
//       co_yield jina::Document{{.text = token}};    // waits until the client has room for it
//     }
//   }
//
//   jina::Generator<int> numbers = count_to(3);      // whoever wants the values
//   while (std::optional<int> n = co_await numbers.next()) use(*n);
//
// It starts with the first next(). What it throws is thrown by next(), and ends it.
//
// Thread: runs on the I/O thread of the coroutine that awaits next(); for what takes long, co_await jina::run_blocking() inside.
// Lifetime: owns its coroutine; what the coroutine refers to outlives it. Cancellation: cancelling the coroutine that awaits next()
// ends what the generator awaits with operation_aborted. Destroying it between two values destroys its variables; destroying it
// while next() is awaited ends its wait first.
#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <coroutine>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <type_traits>
#include <utility>

#include "jina/task.hpp"

namespace jina {

namespace detail {

/// What awaits next(): resumed at most once.
class Waiter {
 public:
  virtual ~Waiter() = default;
  virtual void resume() = 0;
};

/// Shared by the generator's owner and by what its coroutine awaits.
class GeneratorState {
 public:
  GeneratorState() = default;
  GeneratorState(const GeneratorState&) = delete;
  GeneratorState& operator=(const GeneratorState&) = delete;
  ~GeneratorState() { destroy_coroutine(); }

  void destroy_coroutine() {
    if (auto coroutine = std::exchange(handle, nullptr)) coroutine.destroy();
  }

  std::coroutine_handle<> handle{};
  boost::asio::any_io_executor executor{};
  boost::asio::cancellation_signal cancel{};  // ends what the coroutine awaits
  std::unique_ptr<Waiter> waiter{};
  std::exception_ptr thrown{};
  bool ready = false;     // a value is there, or the coroutine is at its end
  bool awaiting = false;  // the coroutine waits for a Task
  bool dropped = false;   // nobody wants the values any more
};

// Runs the coroutine until it yields, ends or waits.
inline void step(const std::shared_ptr<GeneratorState>& shared) {
  const std::shared_ptr<GeneratorState> state = shared;  // who is resumed may drop the caller's
  state->handle.resume();
  if (state->ready && state->waiter) std::exchange(state->waiter, nullptr)->resume();
}

// Completion of the Task that the coroutine awaits. Destroyed uncalled (the io_context ended) it drops whoever waits.
template <class Store>
class TaskEnd {
 public:
  TaskEnd(std::shared_ptr<GeneratorState> state, Store store) : state_(std::move(state)), store_(std::move(store)) {}
  TaskEnd(TaskEnd&&) noexcept = default;
  TaskEnd& operator=(TaskEnd&&) = delete;
  ~TaskEnd() {
    if (!state_) return;
    state_->awaiting = false;
    const auto gone = std::move(state_->waiter);
  }
  template <class... Value>
  void operator()(std::exception_ptr error, Value... value) {
    const std::shared_ptr<GeneratorState> state = std::move(state_);
    state->awaiting = false;
    if (state->dropped) return state->destroy_coroutine();
    store_(std::move(error), std::move(value)...);
    step(state);
  }

 private:
  std::shared_ptr<GeneratorState> state_;
  Store store_;
};

/// Awaits a Task inside a generator.
template <class R>
class TaskAwaiter {
 public:
  TaskAwaiter(Task<R> task, std::weak_ptr<GeneratorState> state) : task_(std::move(task)), weak_(std::move(state)) {}
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<>) {
    std::shared_ptr<GeneratorState> state = weak_.lock();
    state->awaiting = true;
    auto store = [this](std::exception_ptr error, auto... value) {
      error_ = std::move(error);
      if constexpr (sizeof...(value) > 0) (value_.emplace(std::move(value)), ...);
    };
    const boost::asio::any_io_executor executor = state->executor;
    const boost::asio::cancellation_slot slot = state->cancel.slot();
    TaskEnd<decltype(store)> end(std::move(state), std::move(store));
    boost::asio::co_spawn(executor, std::move(task_), boost::asio::bind_cancellation_slot(slot, std::move(end)));
  }
  R await_resume() {
    if (error_) std::rethrow_exception(std::exchange(error_, nullptr));
    if constexpr (!std::is_void_v<R>) return std::move(*value_);
  }

 private:
  struct Nothing {};
  Task<R> task_;
  std::weak_ptr<GeneratorState> weak_;
  std::exception_ptr error_{};
  std::optional<std::conditional_t<std::is_void_v<R>, Nothing, R>> value_{};
};

struct ExecutorAwaiter {
  boost::asio::any_io_executor executor;
  bool await_ready() const noexcept { return true; }
  void await_suspend(std::coroutine_handle<>) const noexcept {}
  boost::asio::any_io_executor await_resume() const { return executor; }
};

}  // namespace detail

template <class T>
class [[nodiscard]] Generator {
 public:
  class promise_type;

  Generator() = default;  ///< gives nothing
  Generator(Generator&&) noexcept = default;
  Generator& operator=(Generator&& other) noexcept {
    drop();
    state_ = std::move(other.state_);
    return *this;
  }
  ~Generator() { drop(); }

  /// Ends what the coroutine awaits with operation_aborted, for whoever awaits next() in a coroutine that is not cancelled itself.
  void cancel() {
    const std::shared_ptr<detail::GeneratorState> state = state_;
    if (state && state->awaiting) state->cancel.emit(boost::asio::cancellation_type::terminal);
  }

  /// The next value; nullopt when there are no more. Throws what the coroutine threw. One at a time.
  Task<std::optional<T>> next() {
    const std::shared_ptr<detail::GeneratorState> state = state_;
    if (!state || !state->handle) co_return std::nullopt;
    state->executor = co_await boost::asio::this_coro::executor;
    state->ready = false;
    detail::step(state);
    if (!state->ready) {
      auto wait = [&state](auto handler) { start_wait(*state, std::move(handler)); };
      co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void()>(wait, boost::asio::use_awaitable);
    }
    std::optional<T> value = std::move(promise(*state).value);
    promise(*state).value.reset();
    if (value) co_return value;
    state->destroy_coroutine();
    if (state->thrown) std::rethrow_exception(std::exchange(state->thrown, nullptr));
    co_return std::nullopt;
  }

 private:
  explicit Generator(std::shared_ptr<detail::GeneratorState> state) : state_(std::move(state)) {}

  static promise_type& promise(const detail::GeneratorState& state) {
    return std::coroutine_handle<promise_type>::from_address(state.handle.address()).promise();
  }

  template <class Handler>
  static void start_wait(detail::GeneratorState& state, Handler handler) {
    class Resumption final : public detail::Waiter {
     public:
      explicit Resumption(Handler to) : handler_(std::move(to)) {}
      void resume() override {
        auto slot = boost::asio::get_associated_cancellation_slot(handler_);
        if (slot.is_connected()) slot.clear();
        Handler handler = std::move(handler_);
        std::move(handler)();
      }

     private:
      Handler handler_;
    };
    auto slot = boost::asio::get_associated_cancellation_slot(handler);
    if (slot.is_connected()) slot.assign([&state](boost::asio::cancellation_type type) { state.cancel.emit(type); });
    state.waiter = std::make_unique<Resumption>(std::move(handler));
  }

  void drop() noexcept {
    const std::shared_ptr<detail::GeneratorState> state = std::move(state_);
    if (!state) return;
    state->dropped = true;
    if (state->awaiting)
      state->cancel.emit(boost::asio::cancellation_type::terminal);  // the coroutine goes when its wait is over
    else
      state->destroy_coroutine();
  }

  std::shared_ptr<detail::GeneratorState> state_;
};

template <class T>
class Generator<T>::promise_type {
 public:
  promise_type() : state_(std::make_shared<detail::GeneratorState>()), weak_(state_) {}

  Generator get_return_object() {
    state_->handle = std::coroutine_handle<promise_type>::from_promise(*this);
    return Generator(std::move(state_));
  }
  std::suspend_always initial_suspend() const noexcept { return {}; }
  std::suspend_always final_suspend() noexcept {
    if (const auto state = weak_.lock()) state->ready = true;
    return {};
  }
  std::suspend_always yield_value(T given) {
    value.emplace(std::move(given));
    if (const auto state = weak_.lock()) state->ready = true;
    return {};
  }
  void return_void() const noexcept {}
  void unhandled_exception() {
    if (const auto state = weak_.lock()) state->thrown = std::current_exception();
  }

  template <class R>
  detail::TaskAwaiter<R> await_transform(Task<R> task) {
    return detail::TaskAwaiter<R>(std::move(task), weak_);
  }
  detail::ExecutorAwaiter await_transform(boost::asio::this_coro::executor_t) {
    const auto state = weak_.lock();
    return detail::ExecutorAwaiter{state->executor};
  }

  std::optional<T> value{};

 private:
  std::shared_ptr<detail::GeneratorState> state_;  // until get_return_object()
  std::weak_ptr<detail::GeneratorState> weak_;
};

}  // namespace jina
