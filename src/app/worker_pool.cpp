#include "app/worker_pool.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "base/unique_function.hpp"
#include "jina/http.hpp"

namespace jina::app {
namespace {

// Lives until it was resumed, on its I/O thread: what the function holds is destroyed there too.
struct Job {
  std::function<void()> function;
  boost::asio::any_io_executor executor;
  UniqueFunction<void()> resume{};  // owns the coroutine that waits
  std::exception_ptr thrown{};
  bool dropped = false;
};

void resume_later(std::shared_ptr<Job> job) {
  const boost::asio::any_io_executor executor = job->executor;
  boost::asio::post(executor, [job = std::move(job)] { std::exchange(job->resume, UniqueFunction<void()>())(); });
}

[[noreturn]] void refuse() { throw HttpError(503, "All workers are busy, try again later", Metadata{{"retry-after", "1"}}); }

}  // namespace

struct WorkerPool::Impl {
  std::mutex mutex;
  std::condition_variable work;
  std::deque<std::shared_ptr<Job>> waiting;
  std::vector<std::thread> threads;
  std::size_t max_threads = 0;
  std::size_t max_waiting = 0;
  std::size_t idle = 0;
  bool stopping = false;
  bool detached = false;
  std::vector<std::shared_ptr<Job>> ended;  // since it is detached

  bool full() {
    const std::lock_guard lock(mutex);
    return detached || stopping || waiting.size() >= max_waiting;
  }

  // False when there is no thread to run it and none can be made.
  bool add(std::shared_ptr<Job> job) {
    const std::lock_guard lock(mutex);
    if (idle <= waiting.size() && threads.size() < max_threads) {
      try {
        threads.emplace_back([this] { run(); });
      } catch (const std::system_error& error) {
        spdlog::warn("no new worker thread: {}", error.what());
        if (threads.empty()) return false;
      }
    }
    waiting.push_back(std::move(job));
    work.notify_one();
    return true;
  }

  // Whether the job had not begun yet; nobody runs it then.
  bool drop(const std::shared_ptr<Job>& job) {
    const std::lock_guard lock(mutex);
    const auto found = std::find(waiting.begin(), waiting.end(), job);
    if (found == waiting.end()) return false;
    waiting.erase(found);
    job->dropped = true;
    return true;
  }

  void run() {
    std::unique_lock lock(mutex);
    for (;;) {
      ++idle;
      work.wait(lock, [this] { return stopping || !waiting.empty(); });
      --idle;
      if (stopping) return;
      std::shared_ptr<Job> job = std::move(waiting.front());
      waiting.pop_front();
      lock.unlock();
      try {
        job->function();
      } catch (...) {
        job->thrown = std::current_exception();
      }
      lock.lock();
      // With the lock held, so that nothing is on its way once detach() returned.
      if (detached)
        ended.push_back(std::move(job));
      else
        resume_later(std::move(job));
    }
  }

  void join() {
    {
      const std::lock_guard lock(mutex);
      stopping = true;
    }
    work.notify_all();
    for (std::thread& thread : threads) thread.join();
    threads.clear();
  }
};

WorkerPool::WorkerPool(std::size_t threads, std::size_t max_waiting) : impl_(std::make_shared<Impl>()) {
  impl_->max_threads = threads != 0 ? threads : std::max<std::size_t>(4, std::thread::hardware_concurrency());
  impl_->max_waiting = max_waiting;
}

WorkerPool::~WorkerPool() { impl_->join(); }

void WorkerPool::detach() {
  const std::lock_guard lock(impl_->mutex);
  impl_->detached = true;
}

void WorkerPool::join() {
  impl_->join();
  // Each job owns the coroutine that waits for it, which owns the job.
  for (const auto& job : std::exchange(impl_->ended, {})) job->resume = nullptr;
  for (const auto& job : std::exchange(impl_->waiting, {})) job->resume = nullptr;
}

Task<void> WorkerPool::run(RequestContext& context, std::function<void()> function) {
  if (context.cancelled()) throw HttpError(499, "Client Closed Request");
  if (impl_->full()) refuse();
  const auto job = std::make_shared<Job>();
  job->function = std::move(function);
  job->executor = co_await boost::asio::this_coro::executor;
  const std::shared_ptr<Impl> impl = impl_;
  RequestContext::Registration on_cancel;
  bool added = true;
  const auto start = [&](auto handler) {
    job->resume = [handler = std::move(handler)]() mutable { std::move(handler)(); };
    added = impl->add(job);
    if (!added) return resume_later(job);
    on_cancel = context.on_cancel([impl, job](CancelReason) {
      if (impl->drop(job)) resume_later(job);
    });
  };
  co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void()>(start, boost::asio::use_awaitable);
  on_cancel.reset();
  if (!added) refuse();
  if (job->dropped) throw HttpError(499, "Client Closed Request");
  if (job->thrown) std::rethrow_exception(std::exchange(job->thrown, nullptr));
}

}  // namespace jina::app
