#include "listener/session.hpp"

#include <utility>
#include <vector>

namespace jina::net {

void SessionSet::add(std::shared_ptr<Session> session) {
  Session* key = session.get();
  sessions_.emplace(key, std::move(session));
  if (aborting_) return key->abort();
  if (draining_) key->drain();
}

void SessionSet::remove(Session* session) {
  const auto found = sessions_.find(session);
  if (found == sessions_.end()) return;
  const std::shared_ptr<Session> last = std::move(found->second);  // its destructor must not run inside the map
  sessions_.erase(found);
  if (on_removed_) on_removed_();
  if (sessions_.empty() && when_empty_) std::exchange(when_empty_, nullptr)();
}

namespace {
// Draining or aborting a session may remove it, or others, from the set at once: walk over a copy.
std::vector<std::shared_ptr<Session>> copy_of(const std::unordered_map<Session*, std::shared_ptr<Session>>& sessions) {
  std::vector<std::shared_ptr<Session>> all;
  all.reserve(sessions.size());
  for (const auto& entry : sessions) all.push_back(entry.second);
  return all;
}
}  // namespace

void SessionSet::drain_all() {
  draining_ = true;
  for (const auto& session : copy_of(sessions_)) session->drain();
}

void SessionSet::abort_all() {
  aborting_ = true;
  for (const auto& session : copy_of(sessions_)) session->abort();
}

void SessionSet::when_empty(UniqueFunction<void()> done) {
  if (sessions_.empty()) return done();
  when_empty_ = std::move(done);
}

}  // namespace jina::net
