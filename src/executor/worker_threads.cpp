#include "executor/worker_threads.hpp"

namespace jina {

WorkerThreads::WorkerThreads(std::size_t threads, std::size_t max_queued) : max_queued_(max_queued) {
  for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { run(); });
}

WorkerThreads::~WorkerThreads() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

bool WorkerThreads::push(UniqueFunction<void()> task) {
  {
    const std::lock_guard lock(mutex_);
    if (queue_.size() >= max_queued_) return false;
    queue_.push_back(std::move(task));
    if (sleeping_ == 0) return true;  // those that are awake look at the queue before they sleep
  }
  changed_.notify_one();
  return true;
}

bool WorkerThreads::push_quietly(UniqueFunction<void()> task) {
  const std::lock_guard lock(mutex_);
  if (queue_.size() >= max_queued_) return false;
  queue_.push_back(std::move(task));
  return true;
}

void WorkerThreads::wake() {
  {
    const std::lock_guard lock(mutex_);
    if (queue_.empty() || sleeping_ == 0) return;
  }
  changed_.notify_one();
}

void WorkerThreads::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    while (queue_.empty()) {
      if (stopping_) return;
      ++sleeping_;
      changed_.wait(lock);
      --sleeping_;
    }
    {
      UniqueFunction<void()> task = std::move(queue_.front());
      queue_.pop_front();
      lock.unlock();
      task();
    }  // the task's captures go before the lock is taken again
    lock.lock();
  }
}

}  // namespace jina
