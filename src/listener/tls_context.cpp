#include "listener/tls_context.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <boost/asio/ip/address.hpp>

#include "listener/socket_bio.hpp"
#include "listener/tls_transport.hpp"

namespace jina::net {
namespace {

// The oldest error of OpenSSL's queue, which is the cause of the later ones; empties the queue.
std::string openssl_error() {
  const unsigned long code = ERR_get_error();
  ERR_clear_error();
  if (code == 0) return "unknown error";
  if (ERR_SYSTEM_ERROR(code)) return std::generic_category().message(ERR_GET_REASON(code));
  const char* reason = ERR_reason_error_string(code);
  return reason != nullptr ? reason : "OpenSSL error " + std::to_string(code);
}

Status file_error(const std::string& what, const std::string& file) {
  return {StatusCode::kInvalidArgument, "TLS: " + what + " '" + file + "': " + openssl_error()};
}

SSL_CTX* new_context(const SSL_METHOD* method) {
  ERR_clear_error();
  SSL_CTX* context = SSL_CTX_new(method);
  if (context == nullptr) throw std::runtime_error("SSL_CTX_new: " + openssl_error());
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  // Partial and moving: a transport may return with part of the data sent and be offered the rest from elsewhere.
  SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
  return context;
}

int select_alpn(SSL*, const unsigned char** out, unsigned char* out_size, const unsigned char* in, unsigned int in_size,
                void* arg) {
  const auto& ours = *static_cast<const std::string*>(arg);
  unsigned char* chosen = nullptr;
  const int result = SSL_select_next_proto(&chosen, out_size, reinterpret_cast<const unsigned char*>(ours.data()),
                                           static_cast<unsigned int>(ours.size()), in, in_size);
  *out = chosen;
  // Without a common protocol the connection goes on and the first bytes decide.
  return result == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
}

}  // namespace

void TlsContext::set_alpn(const std::vector<std::string>& alpn) {
  for (const auto& name : alpn) {
    alpn_ += static_cast<char>(name.size());
    alpn_ += name;
  }
  if (alpn_.empty()) return;
  if (is_server_)
    SSL_CTX_set_alpn_select_cb(context_, select_alpn, &alpn_);
  else
    SSL_CTX_set_alpn_protos(context_, reinterpret_cast<const unsigned char*>(alpn_.data()),
                            static_cast<unsigned int>(alpn_.size()));
}

Result<std::shared_ptr<TlsContext>> TlsContext::server(const std::string& certificate_file, const std::string& key_file,
                                                       const std::vector<std::string>& alpn) {
  SSL_CTX* raw = new_context(TLS_server_method());
  std::shared_ptr<TlsContext> context(new TlsContext(raw, true));
  context->set_alpn(alpn);
  if (SSL_CTX_use_certificate_chain_file(raw, certificate_file.c_str()) != 1)
    return file_error("can not use the certificate file", certificate_file);
  if (SSL_CTX_use_PrivateKey_file(raw, key_file.c_str(), SSL_FILETYPE_PEM) != 1)
    return file_error("can not use the key file", key_file);
  if (SSL_CTX_check_private_key(raw) != 1) return file_error("the certificate does not belong to the key file", key_file);
  return context;
}

Result<std::shared_ptr<TlsContext>> TlsContext::client(const std::vector<std::string>& alpn, const std::string& ca_file,
                                                       bool verify) {
  SSL_CTX* raw = new_context(TLS_client_method());
  std::shared_ptr<TlsContext> context(new TlsContext(raw, false));
  context->set_alpn(alpn);
  SSL_CTX_set_verify(raw, verify ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, nullptr);
  if (!verify) return context;
  if (!ca_file.empty()) {
    if (SSL_CTX_load_verify_locations(raw, ca_file.c_str(), nullptr) != 1) return file_error("can not use the CA file", ca_file);
  } else if (SSL_CTX_set_default_verify_paths(raw) != 1) {
    return Status{StatusCode::kInternal, "TLS: can not load the system's root certificates: " + openssl_error()};
  }
  return context;
}

TlsContext::~TlsContext() { SSL_CTX_free(context_); }

std::unique_ptr<TlsTransport> TlsContext::make_transport(StreamSocket socket, const std::string& server_name) {
  SSL* ssl = SSL_new(context_);
  if (ssl == nullptr) throw std::bad_alloc();
  BIO* bio = make_socket_bio(socket.native_handle());
  SSL_set_bio(ssl, bio, bio);
  if (is_server_) {
    SSL_set_accept_state(ssl);
  } else {
    SSL_set_connect_state(ssl);
    boost::system::error_code not_numeric;
    boost::asio::ip::make_address(server_name, not_numeric);
    if (not_numeric) {
      SSL_set_tlsext_host_name(ssl, server_name.c_str());
      SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
      SSL_set1_host(ssl, server_name.c_str());
    } else {
      X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), server_name.c_str());  // SNI knows no addresses
    }
  }
  return std::make_unique<TlsTransport>(std::move(socket), ssl);
}

}  // namespace jina::net
