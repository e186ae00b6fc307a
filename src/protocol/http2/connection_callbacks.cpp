#include "protocol/http2/connection_callbacks.hpp"

#include <boost/container/small_vector.hpp>
#include <new>

namespace jina::http2 {

using NameValues = boost::container::small_vector<nghttp2_nv, 16>;

static NameValues to_nv(std::span<const Header> headers) {
  NameValues list;
  list.reserve(headers.size());
  for (const Header& header : headers)
    list.push_back(nghttp2_nv{reinterpret_cast<std::uint8_t*>(const_cast<char*>(header.name.data())),
                              reinterpret_cast<std::uint8_t*>(const_cast<char*>(header.value.data())), header.name.size(),
                              header.value.size(), NGHTTP2_NV_FLAG_NONE});
  return list;
}

// Friend of Connection and Stream; the functions have nghttp2's signatures, `user` is the Connection.
struct ConnectionCallbacks {
  static Connection& self(void* user) { return *static_cast<Connection*>(user); }

  static Stream* find(Connection& connection, std::int32_t id) {
    const auto found = connection.streams_.find(id);
    return found == connection.streams_.end() ? nullptr : found->second.get();
  }

  static int on_begin_frame(nghttp2_session* session, const nghttp2_frame_hd* header, void* user) {
    Connection& connection = self(user);
    if (header->type == NGHTTP2_HEADERS && connection.role_ == Role::kServer &&
        !connection.skipped_ids_.on_headers(header->stream_id))
      nghttp2_session_terminate_session(session, NGHTTP2_PROTOCOL_ERROR);
    return 0;
  }

  static int on_begin_headers(nghttp2_session*, const nghttp2_frame* frame, void* user) {
    Connection& connection = self(user);
    connection.header_bytes_ = 0;
    if (connection.closed_) return 0;  // closed by an observer while the rest of the block is still being parsed
    if (frame->hd.type != NGHTTP2_HEADERS || frame->headers.cat != NGHTTP2_HCAT_REQUEST) return 0;
    auto stream = std::make_unique<Stream>(connection, frame->hd.stream_id);
    stream->observer_ = connection.owner_->on_stream(*stream);
    connection.streams_.emplace(frame->hd.stream_id, std::move(stream));
    return 0;
  }

  static int on_header(nghttp2_session*, const nghttp2_frame* frame, const std::uint8_t* name, std::size_t name_size,
                       const std::uint8_t* value, std::size_t value_size, std::uint8_t, void* user) {
    Connection& connection = self(user);
    Stream* stream = find(connection, frame->hd.stream_id);
    if (stream == nullptr) return 0;
    connection.header_bytes_ += name_size + value_size + 32;
    if (connection.header_bytes_ > connection.options_.max_header_bytes) return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
    stream->observer_->on_header({reinterpret_cast<const char*>(name), name_size},
                                 {reinterpret_cast<const char*>(value), value_size});
    return 0;
  }

  static int on_frame_recv(nghttp2_session* session, const nghttp2_frame* frame, void* user) {
    Connection& connection = self(user);
    const bool end_stream = (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0;
    switch (frame->hd.type) {
      case NGHTTP2_HEADERS:
        if (Stream* stream = find(connection, frame->hd.stream_id)) {
          if (end_stream) stream->peer_ended_ = true;
          const std::shared_ptr<StreamObserver> observer = stream->observer_;
          observer->on_headers_complete(end_stream);
        }
        break;
      case NGHTTP2_DATA:
        if (end_stream) {
          if (Stream* stream = find(connection, frame->hd.stream_id)) {
            stream->peer_ended_ = true;
            const std::shared_ptr<StreamObserver> observer = stream->observer_;
            observer->on_end();
          }
        }
        break;
      case NGHTTP2_SETTINGS:
        if ((frame->hd.flags & NGHTTP2_FLAG_ACK) == 0 && !connection.ready_) {
          connection.ready_ = true;
          if (connection.owner_ != nullptr) connection.owner_->on_ready();
        }
        break;
      case NGHTTP2_GOAWAY: {
        connection.goaway_received_ = true;
        for (auto& [id, stream] : connection.streams_)
          if (id > frame->goaway.last_stream_id) stream->not_processed_ = true;
        if (connection.owner_ != nullptr) connection.owner_->on_goaway();
        break;
      }
      default: break;
    }
    (void)session;
    return 0;
  }

  static int on_data_chunk(nghttp2_session* session, std::uint8_t, std::int32_t id, const std::uint8_t* data, std::size_t size,
                           void* user) {
    Connection& connection = self(user);
    // The connection's window is given back at once: a slow stream is held by its own window and must not stop the others.
    nghttp2_session_consume_connection(session, size);
    Stream* stream = find(connection, id);
    if (stream == nullptr) return 0;
    const auto offset = static_cast<std::size_t>(reinterpret_cast<const char*>(data) - connection.reading_.data());
    const std::shared_ptr<StreamObserver> observer = stream->observer_;
    observer->on_data(connection.reading_.slice(offset, size));
    return 0;
  }

  static int on_stream_close(nghttp2_session*, std::int32_t id, std::uint32_t code, void* user) {
    const auto error = static_cast<ErrorCode>(code);
    self(user).finish_stream(id, CloseReason{error, false, error == ErrorCode::kRefusedStream});
    return 0;
  }

  // A request that could not be sent any more (GOAWAY came first, ids used up): nobody else will close its stream.
  static int on_frame_not_send(nghttp2_session*, const nghttp2_frame* frame, int, void* user) {
    Connection& connection = self(user);
    if (frame->hd.type == NGHTTP2_HEADERS && frame->headers.cat == NGHTTP2_HCAT_REQUEST)
      connection.finish_stream(frame->hd.stream_id, CloseReason{ErrorCode::kRefusedStream, false, true});
    return 0;
  }

  static ssize_t read_body(nghttp2_session* session, std::int32_t id, std::uint8_t*, std::size_t length, std::uint32_t* flags,
                           nghttp2_data_source* source, void*) {
    auto& stream = *static_cast<Stream*>(source->ptr);
    const std::size_t take = std::min(length, stream.out_.size());
    if (take == 0 && !stream.ended_) {
      stream.deferred_ = true;
      return NGHTTP2_ERR_DEFERRED;
    }
    *flags |= NGHTTP2_DATA_FLAG_NO_COPY;
    if (stream.ended_ && take == stream.out_.size()) {
      *flags |= NGHTTP2_DATA_FLAG_EOF;
      if (!stream.trailers_.empty()) {
        *flags |= NGHTTP2_DATA_FLAG_NO_END_STREAM;
        boost::container::small_vector<Header, 8> trailers;
        for (const auto& [name, value] : stream.trailers_) trailers.push_back(Header{name, value});
        const NameValues list = to_nv(trailers);
        nghttp2_submit_trailer(session, id, list.data(), list.size());
      }
    }
    return static_cast<ssize_t>(take);
  }

  static int send_body(nghttp2_session*, nghttp2_frame* frame, const std::uint8_t* frame_header, std::size_t length,
                       nghttp2_data_source* source, void* user) {
    Connection& connection = self(user);
    auto& stream = *static_cast<Stream*>(source->ptr);
    // An empty DATA frame that only says "trailers follow" need not travel.
    if (length == 0 && (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) == 0) return 0;
    connection.output_.append_copy({reinterpret_cast<const char*>(frame_header), 9});
    std::size_t left = length;
    for (const Bytes& piece : stream.out_.pieces()) {
      if (left == 0) break;
      const std::size_t take = std::min(left, piece.size());
      if (take == piece.size()) {
        connection.output_.append(piece);
      } else {
        connection.output_.append(piece.slice(0, take));
      }
      left -= take;
    }
    stream.out_.remove_prefix(length);
    if (stream.above_high_water_ && stream.out_.size() < Stream::kHighWater / 4) {
      stream.above_high_water_ = false;
      connection.writable_.push_back(stream.id_);
    }
    return 0;
  }

  static ssize_t frame_length(nghttp2_session*, std::uint8_t, std::int32_t, std::int32_t session_window, std::int32_t stream_window,
                              std::uint32_t peer_max_frame, void*) {
    constexpr std::int32_t kLargest = 256 * 1024;
    const std::int32_t frame = static_cast<std::int32_t>(std::min<std::uint32_t>(peer_max_frame, kLargest));
    return std::min({session_window, stream_window, frame});
  }
};

namespace {

struct Callbacks {
  nghttp2_session_callbacks* table = nullptr;
  Callbacks() {
    if (nghttp2_session_callbacks_new(&table) != 0) throw std::bad_alloc();
    using C = ConnectionCallbacks;
    nghttp2_session_callbacks_set_on_begin_frame_callback(table, C::on_begin_frame);
    nghttp2_session_callbacks_set_on_begin_headers_callback(table, C::on_begin_headers);
    nghttp2_session_callbacks_set_on_header_callback(table, C::on_header);
    nghttp2_session_callbacks_set_on_frame_recv_callback(table, C::on_frame_recv);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(table, C::on_data_chunk);
    nghttp2_session_callbacks_set_on_stream_close_callback(table, C::on_stream_close);
    nghttp2_session_callbacks_set_on_frame_not_send_callback(table, C::on_frame_not_send);
    nghttp2_session_callbacks_set_send_data_callback(table, C::send_body);
    nghttp2_session_callbacks_set_data_source_read_length_callback(table, C::frame_length);
  }
  ~Callbacks() { nghttp2_session_callbacks_del(table); }
};

nghttp2_data_provider body_of(Stream& stream) {
  nghttp2_data_provider provider{};
  provider.source.ptr = &stream;
  provider.read_callback = ConnectionCallbacks::read_body;
  return provider;
}

}  // namespace

nghttp2_session* make_session(Connection& connection, Role role, const ConnectionOptions&) {
  static const Callbacks callbacks;  // constant after its construction
  nghttp2_option* option = nullptr;
  if (nghttp2_option_new(&option) != 0) throw std::bad_alloc();
  nghttp2_option_set_no_auto_window_update(option, 1);
  nghttp2_session* session = nullptr;
  const int error = role == Role::kServer ? nghttp2_session_server_new2(&session, callbacks.table, &connection, option)
                                          : nghttp2_session_client_new2(&session, callbacks.table, &connection, option);
  nghttp2_option_del(option);
  if (error != 0) throw std::bad_alloc();
  return session;
}

void submit_settings(nghttp2_session* session, const ConnectionOptions& options) {
  const std::array<nghttp2_settings_entry, 5> entries = {{
      {NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, options.max_concurrent_streams},
      {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, options.stream_window},
      {NGHTTP2_SETTINGS_MAX_FRAME_SIZE, options.max_frame_size},
      {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, static_cast<std::uint32_t>(options.max_header_bytes)},
      {NGHTTP2_SETTINGS_ENABLE_PUSH, 0},
  }};
  const bool server = nghttp2_session_check_server_session(session) != 0;
  nghttp2_submit_settings(session, NGHTTP2_FLAG_NONE, entries.data(), entries.size() - (server ? 1 : 0));
  nghttp2_session_set_local_window_size(session, NGHTTP2_FLAG_NONE, 0, static_cast<std::int32_t>(options.connection_window));
}

std::int32_t submit_request(nghttp2_session* session, std::span<const Header> headers, Stream& stream, bool end_stream) {
  const NameValues list = to_nv(headers);
  const nghttp2_data_provider provider = body_of(stream);
  return nghttp2_submit_request(session, nullptr, list.data(), list.size(), end_stream ? nullptr : &provider, nullptr);
}

void submit_response(nghttp2_session* session, std::span<const Header> headers, Stream& stream, bool end_stream) {
  const NameValues list = to_nv(headers);
  const nghttp2_data_provider provider = body_of(stream);
  nghttp2_submit_response(session, stream.id(), list.data(), list.size(), end_stream ? nullptr : &provider);
}

}  // namespace jina::http2
