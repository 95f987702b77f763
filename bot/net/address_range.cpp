#include "bot/net/address_range.hpp"

#include <algorithm>
#include <boost/asio/ip/address_v4.hpp>
#include <boost/asio/ip/address_v6.hpp>
#include <charconv>
#include <string>
#include <vector>

#include "bot/base/text.hpp"

namespace broadsheet::http {
namespace {

namespace ip = boost::asio::ip;

std::optional<ip::address> address_of(std::string_view text) {
  boost::system::error_code ec;
  auto out = ip::make_address(std::string(text), ec);
  if (ec || (out.is_v6() && out.to_v6().scope_id() != 0)) return std::nullopt;
  return out;
}

std::vector<unsigned char> bytes_of(const ip::address& address) {
  if (address.is_v6()) {
    auto bytes = address.to_v6().to_bytes();
    return {bytes.begin(), bytes.end()};
  }
  auto bytes = address.to_v4().to_bytes();
  return {bytes.begin(), bytes.end()};
}

ip::address looked_through(const ip::address& address) {
  if (!address.is_v6() || !address.to_v6().is_v4_mapped()) return address;
  return ip::make_address_v4(ip::v4_mapped, address.to_v6());
}

template <class Number>
std::optional<Number> number(std::string_view text) {
  Number out = 0;
  auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (ec != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return out;
}

}  // namespace

Result<AddressRange> AddressRange::parse(std::string_view text) {
  auto slash = text.find('/');
  AddressRange out;
  auto first = address_of(text.substr(0, slash));
  if (first) {
    out.first_ = *first;
    auto most = static_cast<unsigned>(bytes_of(*first).size() * 8);
    auto bits = slash == std::string_view::npos ? most : number<unsigned>(text.substr(slash + 1)).value_or(most + 1);
    out.bits_ = bits;
    if (bits <= most) return out;
  }
  return Error(ErrorKind::bad_input,
               "\"" + text::ellipsize(text, 60) + "\" is neither an address nor a range; write 10.0.0.5 or 10.0.0.0/8");
}

bool AddressRange::contains(const ip::address& address) const {
  auto ours = bytes_of(first_), theirs = bytes_of(looked_through(address));
  if (ours.size() != theirs.size()) return false;
  for (unsigned bit = 0; bit < bits_; ++bit)
    if (((ours[bit / 8] ^ theirs[bit / 8]) & (0x80U >> bit % 8)) != 0) return false;
  return true;
}

Result<Listen> parse_listen(std::string_view text) {
  auto colon = text.rfind(':');
  auto host = text.substr(0, colon == std::string_view::npos ? text.size() : colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  auto port = colon == std::string_view::npos ? std::nullopt : number<std::uint16_t>(text.substr(colon + 1));
  auto address = address_of(host == "localhost" ? "127.0.0.1" : host);
  if (address && port) return Listen{*address, *port};
  return Error(ErrorKind::bad_input,
               "\"" + text::ellipsize(text, 60) + "\" is not ADDRESS:PORT, for example 127.0.0.1:8080 or 0.0.0.0:8080");
}

}  // namespace broadsheet::http
