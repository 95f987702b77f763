#include "bot/net/tls.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>

namespace broadsheet::http {

namespace ssl = boost::asio::ssl;

Status trust(ssl::context& context, const std::string& ca_file) {
  if (SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION) != 1)
    return Error(ErrorKind::internal, "TLS 1.2 cannot be required");
  context.set_verify_mode(ssl::verify_peer);
  boost::system::error_code ec;
  if (ca_file.empty())
    context.set_default_verify_paths(ec);
  else
    context.load_verify_file(ca_file, ec);
  if (ec) return Error(ErrorKind::bad_input, "the certificates of " + ca_file + " cannot be read: " + ec.message());
  return {};
}

Status expect_host(TlsStream& stream, const std::string& host, bool verify) {
  boost::system::error_code ec;
  boost::asio::ip::make_address(host, ec);
  bool name = static_cast<bool>(ec);  // RFC 6066: no server name for an address
  if (name && SSL_set_tlsext_host_name(stream.native_handle(), host.c_str()) != 1)
    return Error(ErrorKind::bad_input, "the host name cannot be sent");
  if (verify)
    stream.set_verify_callback(ssl::host_name_verification(host));
  else
    stream.set_verify_mode(ssl::verify_none);
  return {};
}

Error handshake_error(TlsStream& stream, const boost::system::error_code& ec) {
  auto verdict = SSL_get_verify_result(stream.native_handle());
  if (verdict != X509_V_OK)
    return Error(ErrorKind::refused,
                 std::string("its certificate is not valid: ") + X509_verify_cert_error_string(verdict));
  // The name check says no without a verdict of its own.
  if (ec.category() == boost::asio::error::get_ssl_category() &&
      ERR_GET_REASON(static_cast<unsigned long>(ec.value())) == SSL_R_CERTIFICATE_VERIFY_FAILED)
    return Error(ErrorKind::refused, "its certificate is for another host name");
  return Error(ErrorKind::unavailable, "TLS handshake failed: " + ec.message());
}

}  // namespace broadsheet::http
