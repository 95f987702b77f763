#include "digest/present/atom.hpp"

#include <algorithm>
#include <cctype>
#include <pugixml.hpp>
#include <sstream>

#include "bot/base/hash.hpp"
#include "bot/base/text.hpp"
#include "digest/doc/plain.hpp"
#include "digest/present/document.hpp"
#include "digest/present/wording.hpp"

namespace broadsheet::present {
namespace {

void element(pugi::xml_node parent, const char* name, const std::string& text) {
  parent.append_child(name).append_child(pugi::node_pcdata).set_value(text.c_str());
}

bool is_domain(std::string_view host) {
  bool plain = std::all_of(host.begin(), host.end(), [](unsigned char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
  });
  bool letter = std::any_of(host.begin(), host.end(), [](unsigned char c) { return c >= 'a' && c <= 'z'; });
  return plain && letter && host.find('.') != std::string_view::npos;
}

// For ever the same, whatever becomes of the address: a tag (RFC 4151) of the site's own name, and where it has none a
// UUID made from the words (RFC 9562, 5.8).
std::string id_of(const std::string& words, const std::string& base) {
  auto scheme = base.find("://");
  auto host = scheme == std::string::npos ? std::string() : text::lower_ascii(base.substr(scheme + 3));
  host.erase(std::min(host.find_first_of(":/"), host.size()));
  if (is_domain(host)) {
    auto specific = words;
    std::replace_if(
        specific.begin(), specific.end(),
        [](unsigned char c) {
          return !std::isalnum(c) && std::string_view("-._~/+:@").find(static_cast<char>(c)) == std::string_view::npos;
        },
        '-');
    return "tag:" + host + ",2026:" + specific;
  }
  auto hex = short_sha256(words);
  return "urn:uuid:" + hex.substr(0, 8) + "-" + hex.substr(8, 4) + "-8" + hex.substr(13, 3) + "-a" + hex.substr(17, 3) +
         "-" + hex.substr(20, 12);
}

void link(pugi::xml_node parent, const char* rel, const char* type, const std::string& address) {
  auto out = parent.append_child("link");
  out.append_attribute("rel").set_value(rel);
  out.append_attribute("type").set_value(type);
  out.append_attribute("href").set_value(address.c_str());
}

std::string page_of(const Digest& digest, const std::string& base) {
  return base + "/d/" + digest.key.categories.front().str() + "/" + to_string(digest.key.day);
}

void add_entry(pugi::xml_node feed, const Digest& digest, const FeedInfo& info) {
  auto entry = feed.append_child("entry");
  element(entry, "id", id_of("digest/" + digest.key.str(), info.base));
  element(entry, "title", category_names(digest) + ", " + long_date(digest.key.day));
  element(entry, "updated", to_iso(digest.written));
  if (!digest.key.categories.empty()) link(entry, "alternate", "text/html", page_of(digest, info.base));
  auto content = entry.append_child("content");
  content.append_attribute("type").set_value("text");
  content.append_child(pugi::node_pcdata).set_value(doc::to_plain(overview(digest)).c_str());
}

}  // namespace

std::string atom_feed(const std::vector<Digest>& digests, const FeedInfo& info) {
  pugi::xml_document document;
  auto declaration = document.append_child(pugi::node_declaration);
  declaration.append_attribute("version").set_value("1.0");
  declaration.append_attribute("encoding").set_value("UTF-8");
  auto feed = document.append_child("feed");
  feed.append_attribute("xmlns").set_value("http://www.w3.org/2005/Atom");
  auto path = "feed/" + info.category;
  element(feed, "id", id_of(path, info.base));
  element(feed, "title", "Broadsheet: " + info.category);
  link(feed, "self", "application/atom+xml", info.base + "/" + path + ".atom");
  link(feed, "alternate", "text/html", info.base + "/");
  Moment updated{};
  for (const auto& digest : digests) updated = std::max(updated, digest.written);
  element(feed, "updated", to_iso(updated));
  element(feed.append_child("author"), "name", "Broadsheet");
  for (const auto& digest : digests) add_entry(feed, digest, info);
  std::ostringstream out;
  document.save(out, "  ");
  return out.str();
}

}  // namespace broadsheet::present
