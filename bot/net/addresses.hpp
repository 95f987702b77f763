// Which addresses a connection may go to. Internal to bot/net.
#pragma once

#include <boost/asio/ip/address.hpp>

namespace broadsheet::http {

// True for globally reachable unicast addresses, after looking through IPv4 inside IPv6 (mapped, NAT64).
bool is_public(const boost::asio::ip::address& address);
bool is_loopback(const boost::asio::ip::address& address);

}  // namespace broadsheet::http
