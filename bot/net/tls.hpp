// TLS for the client: at least 1.2, chain and host name verified. Internal to bot/net.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <string>

#include "bot/base/result.hpp"

namespace broadsheet::http {

using TlsStream = boost::asio::ssl::stream<boost::asio::ip::tcp::socket&>;

// Trusts the certificates of `ca_file`, or the system's when it is empty.
Status trust(boost::asio::ssl::context& context, const std::string& ca_file);
// Before the handshake: the name to ask for and to check.
Status expect_host(TlsStream& stream, const std::string& host, bool verify);
// Why a handshake failed: the certificate check's own words when that was it.
Error handshake_error(TlsStream& stream, const boost::system::error_code& ec);

}  // namespace broadsheet::http
