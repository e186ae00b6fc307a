#include "executor/worker_thread.hpp"

namespace jina {

WorkerThread::WorkerThread(std::size_t max_queued) : max_queued_(max_queued), thread_([this] { run(); }) {}

WorkerThread::~WorkerThread() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

bool WorkerThread::push(UniqueFunction<void()> task) {
  {
    const std::lock_guard lock(mutex_);
    if (queue_.size() >= max_queued_) return false;
    queue_.push_back(std::move(task));
    if (queue_.size() > 1) return true;  // the thread is awake: it looks at the queue before it sleeps
  }
  changed_.notify_one();
  return true;
}

void WorkerThread::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
    if (queue_.empty()) return;
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
