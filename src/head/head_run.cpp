#include "head/head_run.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "head/combine_answers.hpp"

namespace jina::head {

HeadRun::HeadRun(Shards& shards, RequestContext& context, std::vector<wire::DataRequest> requests, Poll poll, bool reduce,
                 wire::ReplyCallback done)
    : shards_(shards), context_(context), requests_(std::move(requests)), poll_(poll), reduce_(reduce), done_(std::move(done)) {
  merge_routes(requests_);
  original_ = requests_.front();
}

void HeadRun::send(const std::string& deployment, const std::vector<wire::DataRequest>& requests, wire::ReplyCallback done) {
  // Jina's head tells its shards no endpoint: it stands in the header.
  if (requests.size() == 1)
    return shards_.pool().send(context_, deployment, "", wire::DataRequest(requests.front()), std::move(done));
  shards_.pool().send_list(context_, deployment, "", requests, std::move(done));
}

void HeadRun::start() {
  if (!shards_.has_before()) return ask_shards();
  send(kUsesBefore, requests_, [self = shared_from_this()](wire::Reply reply) {
    if (!reply.status.ok()) return self->fail(std::move(reply.status));
    self->add_trailing(reply.trailing);
    self->requests_.clear();
    self->requests_.push_back(std::move(reply.response));
    self->ask_shards();
  });
}

void HeadRun::ask_shards() {
  std::vector<std::string> one;
  if (poll_ == Poll::kAny) one.push_back(shards_.next());
  const std::vector<std::string>& asked = poll_ == Poll::kAny ? one : shards_.all();
  answers_.resize(asked.size());
  left_ = asked.size();
  for (std::size_t i = 0; i < asked.size(); ++i)
    send(asked[i], requests_, [self = shared_from_this(), i](wire::Reply reply) {
      self->answers_[i] = std::move(reply);
      if (--self->left_ == 0) self->all_answered();
    });
}

void HeadRun::all_answered() {
  std::vector<wire::DataRequest> answers;
  const Status* failure = nullptr;
  for (std::optional<wire::Reply>& reply : answers_) {
    if (reply->status.ok()) {
      add_trailing(reply->trailing);
      answers.push_back(std::move(reply->response));
    } else {
      ++failed_;
      if (failure == nullptr) failure = &reply->status;
    }
  }
  if (answers.empty()) return fail(*failure);
  if (failed_ > 0) spdlog::warn("{} of {} shards failed: {}", failed_, answers_.size(), failure->to_string());
  combine(std::move(answers));
}

void HeadRun::combine(std::vector<wire::DataRequest> answers) {
  if (shards_.has_after()) {
    send(kUsesAfter, answers, [self = shared_from_this()](wire::Reply reply) {
      if (!reply.status.ok()) return self->fail(std::move(reply.status));
      self->add_trailing(reply.trailing);
      self->finish(std::move(reply.response));
    });
    return;
  }
  if (answers.size() == 1) return finish(std::move(answers.front()));
  Result<wire::DataRequest> answer =
      reduce_ ? reduce_answers(std::move(answers)) : answer_with_inputs(std::move(answers), requests_);
  if (!answer) return fail(std::move(answer).error());
  finish(std::move(*answer));
}

// Of several values the last one counts, as in a dictionary.
void HeadRun::add_trailing(const Metadata& metadata) {
  for (const auto& [key, value] : metadata) {
    const auto found = std::find_if(trailing_.begin(), trailing_.end(), [&](const auto& entry) { return entry.first == key; });
    if (found == trailing_.end()) {
      trailing_.emplace_back(key, value);
    } else {
      found->second = value;
    }
  }
}

void HeadRun::fail(Status status) {
  wire::ReplyCallback done = std::move(done_);
  if (is_network_failure(status.code) || context_.cancelled()) return done({.status = std::move(status)});
  // Not the network's fault: the stream goes on, and the answer says what happened.
  const std::string text = status.to_string();
  wire::set_status(
      original_,
      wire::encode_error_status({.description = "RuntimeError('" + text + "')", .exception_name = "RuntimeError", .args = {text}}));
  wire::Reply reply{.response = std::move(original_)};
  reply.trailing.emplace_back("is-error", "true");
  done(std::move(reply));
}

void HeadRun::finish(wire::DataRequest answer) {
  add_trailing({{"total_shards", std::to_string(answers_.size())}, {"failed_shards", std::to_string(failed_)}});
  wire::ReplyCallback done = std::move(done_);
  done({.response = std::move(answer), .trailing = std::move(trailing_)});
}

}  // namespace jina::head
