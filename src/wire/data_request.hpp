// DataRequest: one jina.DataRequestProto as slices of its top-level fields.
//
// Parsing walks the top level once; `data` (the Documents) stays encoded and is carried from socket to socket by reference. A
// request that never sees a socket carries the Documents themselves (UnencodedData).
// Fields are changed by replacing or appending encoded bytes: protobuf merges repeated occurrences of a message field and lets
// the last scalar win, so an append is an edit. Unknown fields survive at every level.
// Source of the numbers: wire facts section 1 (DataRequestProto 1 header, 2 parameters, 3 routes, 4 data).
//
// Thread: plain value. Lifetime: shares the blocks of the message it was parsed from. Cancellation: none.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/buffer.hpp"
#include "jina/status.hpp"
#include "wire/pb_reader.hpp"

namespace jina::wire {

/// The content of `data` as an object: what document/ makes of Documents, so that nothing is encoded between two who both want
/// them decoded. Never changed while several requests share it.
class UnencodedData {
 public:
  virtual ~UnencodedData() = default;
  /// The DataContentProto; on the I/O thread of the request only.
  virtual Buffer encode() const = 0;
};

struct DataRequest {
  Bytes header;                     ///< encoded HeaderProto; occurrences concatenated; may be empty
  bool has_header = false;          ///< the field was there (it may be there and empty)
  std::optional<Bytes> parameters;  ///< encoded google.protobuf.Struct
  Bytes routes;                     ///< the `routes` fields, tags included, concatenated: ready to be sent as they are
  std::optional<Buffer> data;       ///< encoded DataContentProto
  /// Stands for `data`, which is empty then; encoded when somebody asks for bytes. Read and set both by way of
  /// document/request_documents.hpp.
  std::shared_ptr<UnencodedData> unencoded;
  Buffer unknown;  ///< top-level fields this version does not know, tags included

  /// INVALID_ARGUMENT with the offset of the first bad byte when `message` is no DataRequestProto at its top level.
  /// Reads a SingleDocumentRequestProto as well: there `data` is its encoded `document`.
  static Result<DataRequest> parse(const Buffer& message);
  /// The message again; `data` is shared, the rest is gathered into one small block.
  Buffer serialize() const;
  bool has_data() const noexcept { return data.has_value() || unencoded != nullptr; }
};

/// The requests of a DataRequestListProto (process_data), and the message again.
Result<std::vector<DataRequest>> parse_request_list(const Buffer& message);
Buffer serialize_request_list(const std::vector<DataRequest>& requests);

/// What routing needs of a HeaderProto. The views point into the bytes that were parsed.
struct HeaderView {
  std::string_view request_id;
  std::optional<std::string_view> exec_endpoint;
  std::optional<std::string_view> target_executor;
  std::optional<std::uint32_t> timeout;
  bool has_status = false;
  bool status_is_error = false;  ///< StatusProto.code == ERROR
  std::string_view status;       ///< encoded StatusProto (last occurrence), as it would go into a route
};
/// INVALID_ARGUMENT when the bytes are no HeaderProto; a text that is not UTF-8 counts as such, as in protobuf.
Result<HeaderView> parse_header(std::string_view header);

/// Appends to `header` what makes `target_executor` present and empty, as Jina's gateway sends and answers it.
void clear_target_executor(std::string& header);
/// The same for an immutable header: itself when there is nothing to do, else a new block. `view` is parse_header of it.
Bytes with_cleared_target_executor(const Bytes& header, const HeaderView& view);

/// One RouteProto. Times are UTC; unset ones are left out of the encoding.
struct Route {
  std::string_view executor;
  std::optional<std::int64_t> start_ns;  ///< nanoseconds since the Unix epoch; Jina cuts to microseconds, so does the encoder
  std::optional<std::int64_t> end_ns;
  std::string_view status;  ///< encoded StatusProto, empty when absent
};
/// Appends `route` to `out` as a `routes` field of DataRequestProto, tag included.
void append_route(std::string& out, const Route& route);

/// A point in time as google.protobuf.Timestamp has it.
struct Timestamp {
  std::int64_t seconds = 0;
  std::int32_t nanos = 0;
};
/// A received RouteProto. The views point into the bytes that were read.
struct RouteView {
  std::string_view raw;  ///< the whole `routes` field, tag included
  std::string_view executor;
  std::optional<Timestamp> start;
  std::optional<Timestamp> end;
  std::string_view status;  ///< encoded StatusProto, empty when absent or SUCCESS without text
  bool has_status = false;
};
/// Walks DataRequest::routes.
class RouteReader {
 public:
  explicit RouteReader(std::string_view routes) noexcept : routes_(routes) {}
  /// Steps to the next route; false at the end and on malformed bytes (then failed()).
  bool next() noexcept;
  bool failed() const noexcept { return failed_; }
  const RouteView& route() const noexcept { return route_; }

 private:
  PbReader routes_;
  RouteView route_;
  bool failed_ = false;
};
/// The routes of one executor only, encoded again (the gateway keeps its own of an answer).
std::string keep_routes_of(std::string_view executor, std::string_view routes);

/// A received StatusProto. The views point into the bytes that were read.
struct StatusView {
  std::int32_t code = 0;  ///< 0 SUCCESS, 1 ERROR
  std::string_view description;
  bool has_exception = false;
  std::string_view exception_name;
  std::vector<std::string_view> args{};
  std::vector<std::string_view> stacks{};
  std::string_view executor;
};
/// INVALID_ARGUMENT when the bytes are no StatusProto.
Result<StatusView> parse_status(std::string_view status);

/// An encoded StatusProto{ERROR}, as Jina writes it for a failed request (wire facts, section 9).
struct ErrorStatus {
  std::string_view description;
  std::string_view exception_name;
  std::vector<std::string> args{};
  std::vector<std::string> stacks{};
  std::string_view executor{};
};
std::string encode_error_status(const ErrorStatus& status);
/// Sets header.status to an encoded StatusProto.
void set_status(DataRequest& request, std::string_view status);
/// An encoded HeaderProto with the given fields; empty optionals are left out.
struct HeaderFields {
  std::string_view request_id;
  std::optional<std::string_view> exec_endpoint;
  std::optional<std::string_view> target_executor;
  std::string_view status;  ///< encoded StatusProto, left out when empty
};
std::string encode_header(const HeaderFields& fields);

}  // namespace jina::wire
