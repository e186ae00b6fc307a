// Reading, time and the end of an HTTP/1 connection; http1_exchange.cpp has what happens between a request and its response.
#include "protocol/server/http1_session.hpp"

#include <spdlog/spdlog.h>

#include "protocol/http2/read_block.hpp"

namespace jina::protocol {
namespace {

constexpr int kReadsPerTurn = 4;          // then other connections have their turn
constexpr std::size_t kCopyBelow = 2048;  // what waits longer than this turn should not keep the read block for less
constexpr std::chrono::milliseconds kLingerTime{2'000};

Bytes keep(Bytes data) { return data.size() < kCopyBelow ? Bytes::copy_of(data.view()) : data; }

}  // namespace

Http1Session::Http1Session(std::unique_ptr<net::Transport> transport, SessionEnvironment& environment)
    : environment_(environment),
      transport_(std::move(transport)),
      reader_(environment.options.http_limits),
      writable_(transport_->executor()),
      peer_(transport_->peer()),
      timer_(transport_->executor()) {}

void Http1Session::start(Bytes already_read) {
  const auto self = shared_from_this();
  environment_.sessions.add(self);  // calls drain() when the server stops already
  started_ = true;
  set_deadline(environment_.options.http_limits.idle_timeout);
  process(std::move(already_read));
  wait_readable();
  if (draining_ && phase_ == Phase::kReading && reader_.idle()) close();
}

void Http1Session::drain() {
  draining_ = true;
  if (!started_ || phase_ != Phase::kReading || !reader_.idle()) return;
  // A request that arrived before the server began to stop is still served.
  const auto self = shared_from_this();
  read_loop();
  if (phase_ == Phase::kReading && reader_.idle()) close();
}

void Http1Session::abort() {
  const auto self = shared_from_this();
  close();
  if (context_ != nullptr) context_->cancel(CancelReason::kShutdown);
  if (serving_) cancel_.emit(boost::asio::cancellation_type::terminal);
}

void Http1Session::wait_readable() {
  if (reading_armed_ || deciding_ || input_ended_ || phase_ == Phase::kClosed || !pending_.empty()) return;
  reading_armed_ = true;
  transport_->wait_readable([self = shared_from_this()](boost::system::error_code error) {
    self->reading_armed_ = false;
    if (self->phase_ == Phase::kClosed) return;
    if (error) return self->lost();
    self->read_loop();
    self->wait_readable();
  });
}

void Http1Session::read_loop() {
  for (int turn = 0; turn < kReadsPerTurn && phase_ != Phase::kClosed && pending_.empty() && !deciding_; ++turn) {
    http2::ReadBlock& block = http2::ReadBlock::this_thread();
    std::size_t space = 0;
    char* memory = block.space(space);
    const net::IoResult result = transport_->read(memory, space);
    if (result.status == net::IoStatus::kWouldBlock) return;
    if (result.status == net::IoStatus::kEof) return on_end_of_input();
    if (result.status == net::IoStatus::kError) return lost();
    take(block.commit(result.bytes));
    // A short read emptied the socket: asking again would only cost the system call that says so. TLS may hold more.
    if (result.bytes < space && (phase_ == Phase::kClosed || !transport_->secure())) return;
  }
}

void Http1Session::take(Bytes data) {
  switch (phase_) {
    case Phase::kReading: return process(std::move(data));
    case Phase::kServing:
    case Phase::kFlushing: pending_ = keep(std::move(data)); return;
    case Phase::kLingering:
    case Phase::kClosed: return;
  }
}

void Http1Session::process(Bytes data) {
  const http::Limits& limits = environment_.options.http_limits;
  while (phase_ == Phase::kReading && !data.empty()) {
    const bool was_idle = reader_.idle();
    switch (reader_.feed(data)) {
      case http::RequestReader::Step::kNeedMore:
        // The header as a whole has a time limit, the body only one for each silence in it.
        if (reader_.in_body()) {
          set_deadline(limits.idle_timeout);
        } else if (was_idle && !reader_.idle()) {
          set_deadline(limits.header_timeout);
        }
        break;
      case http::RequestReader::Step::kHeader:
        set_deadline(limits.idle_timeout);
        if (reader_.framing().expect_continue && data.empty()) send("HTTP/1.1 100 Continue\r\n\r\n", {});
        break;
      case http::RequestReader::Step::kError: {
        const http::ParseError error = reader_.error();
        return refuse(error.status, error.detail);
      }
      case http::RequestReader::Step::kRequest:
        if (reader_.framing().upgrade_websocket) return upgrade(std::move(data));
        if (!data.empty()) pending_ = keep(std::move(data));
        return begin_serving();
    }
  }
}

void Http1Session::on_end_of_input() {
  input_ended_ = true;
  switch (phase_) {
    case Phase::kReading:
    case Phase::kLingering: return close();
    case Phase::kServing:
      // Nearly always the client is gone. One that only ended its own side still gets what the handler returns.
      if (context_ != nullptr) context_->cancel(CancelReason::kClient);
      return;
    case Phase::kFlushing:
    case Phase::kClosed: return;
  }
}

// The deadline moves with every request, the timer does not: it looks at the deadline when it fires and waits for the rest.
void Http1Session::set_deadline(std::chrono::milliseconds limit) {
  deadline_ = std::chrono::steady_clock::now() + limit;
  if (deadline_ < armed_) arm_timer();
}

void Http1Session::arm_timer() {
  armed_ = deadline_;
  timer_.expires_at(deadline_);
  timer_.async_wait([self = shared_from_this()](boost::system::error_code error) {
    if (error || self->phase_ == Phase::kClosed) return;
    self->armed_ = SteadyTime::max();
    if (self->deadline_ == SteadyTime::max()) return;
    if (std::chrono::steady_clock::now() >= self->deadline_) return self->on_deadline();
    self->arm_timer();
  });
}

void Http1Session::on_deadline() {
  no_deadline();
  // 408 tells a slow client what happened; a silent connection between requests is just closed.
  if (phase_ == Phase::kReading && !reader_.idle())
    return refuse(408, reader_.in_body() ? "the body did not arrive in time" : "the header did not arrive in time");
  if (phase_ == Phase::kServing || phase_ == Phase::kFlushing) return lost();
  close();
}

void Http1Session::linger() {
  phase_ = Phase::kLingering;
  transport_->shutdown_write();
  pending_ = Bytes();
  if (input_ended_) return close();
  set_deadline(kLingerTime);
  wait_readable();
}

// The peer is gone, or takes nothing any more.
void Http1Session::lost() {
  const auto self = shared_from_this();
  close(true);
  if (context_ != nullptr) context_->cancel(CancelReason::kClient);
}

void Http1Session::close(bool reset) {
  if (phase_ == Phase::kClosed) return;
  phase_ = Phase::kClosed;
  timer_.cancel();
  output_.clear();
  pending_ = Bytes();
  if (transport_) transport_->close(reset);
  writable_.notify();
  leave_if_done();
}

void Http1Session::leave_if_done() {
  if (phase_ == Phase::kClosed && !serving_) environment_.sessions.remove(this);
}

void start_http1_session(std::unique_ptr<net::Transport> transport, Bytes already_read, SessionEnvironment& environment) {
  std::make_shared<Http1Session>(std::move(transport), environment)->start(std::move(already_read));
}

}  // namespace jina::protocol
